"""Whether a logo may be shown to everybody is asked whenever one is fetched."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0009_imported_clinics"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="cliniclisting",
            index=models.Index(fields=["logo"], name="clinics_listing_by_logo"),
        ),
    ]
