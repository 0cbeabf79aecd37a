"""The three plans that the product starts with; editors change them in the admin."""

from decimal import Decimal

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

PLANS = (
    {
        "code": "essentials",
        "order": 1,
        "monthly_price": Decimal("0.00"),
        "monthly_meal_plans": 3,
        "monthly_health_reports": 1,
        "free_pets": 1,
        "name": {"en": "Essentials", "fi": "Perus", "nl": "Basis", "tr": "Temel"},
        "description": {
            "en": "The everyday basics for one pet, free of charge.",
            "fi": "Arjen perusasiat yhdelle lemmikille, maksutta.",
            "nl": "De dagelijkse basis voor één huisdier, gratis.",
            "tr": "Bir evcil hayvan için günlük temel hizmetler, ücretsiz.",
        },
    },
    {
        "code": "wellness",
        "order": 2,
        "monthly_price": Decimal("4.90"),
        "monthly_meal_plans": 30,
        "monthly_health_reports": 10,
        "free_pets": 3,
        "name": {"en": "Wellness", "fi": "Hyvinvointi", "nl": "Welzijn", "tr": "Sağlık"},
        "description": {
            "en": "Meal plans all month and regular health reports for up to three pets.",
            "fi": "Ateriasuunnitelmia koko kuukaudeksi ja säännölliset terveysraportit enintään kolmelle lemmikille.",
            "nl": "De hele maand voedingsplannen en regelmatige gezondheidsrapporten voor maximaal drie huisdieren.",
            "tr": "En fazla üç evcil hayvan için ay boyunca beslenme planları ve düzenli sağlık raporları.",
        },
    },
    {
        "code": "optimal",
        "order": 3,
        "monthly_price": Decimal("9.90"),
        "monthly_meal_plans": None,
        "monthly_health_reports": None,
        "free_pets": None,
        "name": {"en": "Optimal", "fi": "Optimaalinen", "nl": "Optimaal", "tr": "Optimum"},
        "description": {
            "en": "Everything, without limits, for every pet in the family.",
            "fi": "Kaikki ilman rajoja, perheen jokaiselle lemmikille.",
            "nl": "Alles, zonder limiet, voor elk huisdier in het gezin.",
            "tr": "Ailedeki her evcil hayvan için sınırsız tüm hizmetler.",
        },
    },
)


def add_plans(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    plans = apps.get_model("accounts", "SubscriptionPlan").objects.using(schema_editor.connection.alias)
    for plan in PLANS:
        values = dict(plan)
        for field in ("name", "description"):
            words = values.pop(field)
            values[field] = words["en"]
            values |= {f"{field}_{language}": text for language, text in words.items()}
        plans.get_or_create(code=values.pop("code"), defaults=values)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(add_plans, migrations.RunPython.noop)]
