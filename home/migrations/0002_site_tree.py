"""The four locales and, for each, a front page with its sections; the two approval workflows hang on the sections."""

import uuid

from django.conf import settings
from django.db import migrations

LANGUAGES = ("en", "fi", "nl", "tr")
HOMES = {
    "en": ("Good care, every day", "Fammo keeps what a pet needs in one place: meal plans that add up, clinics that are open, and your data in your hands."),
    "fi": ("Hyvää hoitoa joka päivä", "Fammo pitää lemmikin tarpeet yhdessä paikassa: ruokasuunnitelmat, joiden luvut täsmäävät, avoinna olevat klinikat ja omat tietosi omissa käsissäsi."),
    "nl": ("Elke dag goede zorg", "Fammo houdt alles voor je huisdier bij elkaar: voedingsplannen die kloppen, klinieken die open zijn en jouw gegevens in eigen hand."),
    "tr": ("Her gün iyi bakım", "Fammo, evcil hayvanınızın ihtiyaçlarını bir araya getirir: hesabı tutan beslenme planları, açık klinikler ve sizin elinizde olan verileriniz."),
}
SECTIONS = {
    ("legal", "LegalIndexPage"): {
        "en": ("Legal documents", "legal"),
        "fi": ("Ehdot ja tietosuoja", "ehdot"),
        "nl": ("Juridische documenten", "juridisch"),
        "tr": ("Yasal belgeler", "yasal"),
    },
    ("home", "OnboardingIndexPage"): {
        "en": ("Onboarding", "onboarding"),
        "fi": ("Esittely", "esittely"),
        "nl": ("Kennismaking", "kennismaking"),
        "tr": ("Tanıtım", "tanitim"),
    },
    ("clinics", "ClinicIndexPage"): {
        "en": ("Clinics", "clinics"),
        "fi": ("Klinikat", "klinikat"),
        "nl": ("Klinieken", "klinieken"),
        "tr": ("Klinikler", "klinikler"),
    },
}
WORKFLOWS = {
    "LegalIndexPage": ("Legal approval", ("en",)),  # approving the source publishes every translation with it
    "ClinicIndexPage": ("Clinic approval", LANGUAGES),  # a clinic's source page is in its owner's language
}


def add_child(apps, app, model, parent, *, number, title, slug, locale, translation_key, **fields):
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app, model=model.lower())
    return apps.get_model(app, model).objects.create(
        title=title,
        draft_title=title,
        slug=slug,
        path=f"{parent.path}{number:04d}",
        depth=parent.depth + 1,
        numchild=0,
        url_path=f"{parent.url_path}{slug}/",
        content_type=content_type,
        locale=locale,
        translation_key=translation_key,
        live=True,
        **fields,
    )


def build_site_tree(apps, schema_editor):
    Page = apps.get_model("wagtailcore", "Page")
    Locale = apps.get_model("wagtailcore", "Locale")
    Workflow = apps.get_model("wagtailcore", "Workflow")
    WorkflowPage = apps.get_model("wagtailcore", "WorkflowPage")
    Site = apps.get_model("wagtailcore", "Site")

    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES}
    root = Page.objects.get(depth=1)
    Site.objects.all().delete()
    Page.objects.filter(depth=2, slug="home", content_type__model="page").delete()

    keys = {name: uuid.uuid4() for name in ("home", *SECTIONS)}
    for number, code in enumerate(LANGUAGES, start=1):
        title, intro = HOMES[code]
        slug = "home" if code == "en" else f"home-{code}"
        home = add_child(
            apps, "home", "HomePage", root,
            number=number, title=title, slug=slug, locale=locales[code], translation_key=keys["home"], intro=intro,
        )
        for place, ((app, model), names) in enumerate(SECTIONS.items(), start=1):
            title, slug = names[code]
            section = add_child(
                apps, app, model, home,
                number=place, title=title, slug=slug, locale=locales[code], translation_key=keys[(app, model)],
            )
            workflow, languages = WORKFLOWS.get(model, ("", ()))
            if code in languages:
                WorkflowPage.objects.create(page_id=section.pk, workflow=Workflow.objects.get(name=workflow))
        home.numchild = len(SECTIONS)
        home.save(update_fields=["numchild"])
        if code == "en":
            Site.objects.create(hostname="localhost", port=80, site_name="Fammo", root_page_id=home.pk, is_default_site=True)
    root.numchild = len(LANGUAGES)
    root.save(update_fields=["numchild"])


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_front_pages_and_slides"),
        ("clinics", "0002_clinic_approval"),
        ("legal", "0002_legal_approval"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [migrations.RunPython(build_site_tree, migrations.RunPython.noop)]
