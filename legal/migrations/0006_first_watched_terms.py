"""The words with which the list begins; editors go on from here. Words that are in it already are left alone.

A star stands for any ending: Finnish and Turkish words change theirs.
"""

from django.db import migrations

TERMS = {
    "en": {
        "purpose": ["purpose*", "we use*", "process*", "profiling", "marketing", "legal basis", "consent*"],
        "retention": ["retention", "retain*", "delet*", "eras*", "we keep*", "stored for", "days", "months", "years"],
        "recipient": ["recipient*", "third part*", "share*", "disclos*", "transfer*", "processor*", "partner*"],
        "fee": ["fee", "fees", "price*", "charge*", "pay", "pays", "paid", "payment*", "refund*", "subscription*", "free of charge"],
        "right": ["right", "rights", "withdraw*", "object to", "complain*", "liab*", "terminat*", "cancel*"],
    },
    "fi": {
        "purpose": ["tarkoitu*", "käyttötarkoitu*", "käytämme", "käsittel*", "profiloin*", "markkinoin*", "oikeusperust*", "suostumu*"],
        "retention": ["säilyt*", "säily*", "poist*", "päivä*", "kuukau*", "vuode*", "vuotta", "vuosi*"],
        "recipient": ["vastaanottaj*", "kolman*", "luovut*", "siirr*", "siirt*", "käsittelijä*", "kumppan*", "jaamme"],
        "fee": ["maksu*", "maksa*", "maksut*", "hinta*", "hinn*", "hyvit*", "palaut*", "tilau*", "veloit*"],
        "right": ["oikeu*", "oikeut*", "peru*", "vastust*", "valit*", "vastuu*", "irtisan*"],
    },
    "nl": {
        "purpose": ["doel", "doelen", "doeleinde*", "gebruiken", "verwerk*", "profiler*", "marketing", "grondslag*", "toestemming*"],
        "retention": ["bewar*", "bewaart*", "bewaarterm*", "verwijder*", "wissen", "gewist", "dag", "dagen", "maand*", "jaar", "jaren"],
        "recipient": ["ontvanger*", "derde", "derden", "delen", "deelt", "verstrek*", "doorg*", "verwerker*", "partner*"],
        "fee": ["kosten", "kost", "prijs", "prijzen", "betal*", "betaal*", "vergoed*", "terugbetal*", "abonnement*", "gratis"],
        "right": ["recht", "rechten", "intrek*", "ingetrokken", "bezwaar*", "klacht*", "aansprakelijk*", "opzeg*", "beëindig*"],
    },
    "tr": {
        "purpose": ["amaç*", "amac*", "kullanı*", "işle*", "profil çıkar*", "pazarlama*", "hukuki sebep*", "hukuki sebeb*", "rıza*"],
        "retention": ["sakla*", "silin*", "sileri*", "siler", "gün", "günü", "gün içinde", "ay", "yıl*", "süre*"],
        "recipient": ["alıcı*", "üçüncü*", "paylaş*", "aktar*", "veri işleyen*", "ortak*", "ortağ*"],
        "fee": ["ücret*", "fiyat*", "öde*", "bedel*", "iade*", "abonelik*", "aboneliğ*", "ücretsiz*"],
        "right": ["hak", "hakk*", "haklar*", "geri al*", "geri çek*", "itiraz*", "şikayet*", "şikâyet*", "sorumlu*", "fesh*", "iptal*"],
    },
}


def add_first_terms(apps, schema_editor):
    WatchedTerm = apps.get_model("legal", "WatchedTerm")
    for language, subjects in TERMS.items():
        for subject, terms in subjects.items():
            for term in terms:
                WatchedTerm.objects.get_or_create(language=language, term=term, defaults={"subject": subject})
    Permission = apps.get_model("auth", "Permission")
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label="legal", model="watchedterm")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Legal editors")
    for action in ("add", "change", "delete", "view"):
        permission, _ = Permission.objects.get_or_create(
            content_type=content_type, codename=f"{action}_watchedterm", defaults={"name": f"Can {action} watched term"}
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("legal", "0005_watched_terms")]

    operations = [migrations.RunPython(add_first_terms, migrations.RunPython.noop)]
