"""Who is looking at what waits; what a refusal is about; and the decisions to reject for good reason and to reinstate."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0002_clinic_approval"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReviewClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("claimed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="claimed at")),
                ("expires_at", models.DateTimeField(verbose_name="lapses at")),
                ("moderator", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="moderator")),
                ("page", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="claim", to="clinics.clinicpage", verbose_name="clinic page")),
            ],
            options={
                "verbose_name": "claim",
                "verbose_name_plural": "claims",
                "ordering": ("claimed_at", "id"),
                "constraints": [models.CheckConstraint(condition=models.Q(("expires_at__gt", models.F("claimed_at"))), name="clinics_claim_lapses_later")],
            },
        ),
        migrations.RemoveConstraint(model_name="moderationdecision", name="clinics_refusal_has_a_reason"),
        migrations.AddField(
            model_name="moderationdecision",
            name="reason_field",
            field=models.CharField(
                blank=True,
                default="",
                choices=[
                    ("clinic", "The clinic as a whole"), ("name", "Name"), ("slug", "Web address in Fammo"), ("address", "Street address"),
                    ("zip_code", "Postal code"), ("city", "City"), ("country", "Country"), ("coordinates", "Place on the map"), ("phone", "Phone"),
                    ("email", "Public e-mail address"), ("website", "Website"), ("instagram", "Instagram"), ("specializations", "Specializations"),
                    ("other_specializations", "Other specializations"), ("logo", "Logo"), ("bio", "Description"), ("vet_name", "Veterinarian"),
                    ("degrees", "Degrees"), ("certifications", "Certifications"), ("working_hours", "Opening hours"),
                    ("hours_note", "Note on the opening hours"),
                ],
                max_length=24,
                verbose_name="what it is about",
            ),
        ),
        migrations.AlterField(
            model_name="moderationdecision",
            name="decision",
            field=models.CharField(
                choices=[
                    ("approved", "Approved"), ("changes_requested", "Changes requested"), ("rejected", "Rejected"), ("suspended", "Suspended"),
                    ("reinstated", "Reinstated"),
                ],
                max_length=20,
                verbose_name="decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="moderationdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decision__in", ("approved", "reinstated")),
                    models.Q(models.Q(("reason_code", ""), _negated=True), models.Q(("reason_text", ""), _negated=True)),
                    _connector="OR",
                ),
                name="clinics_refusal_has_a_reason",
            ),
        ),
    ]
