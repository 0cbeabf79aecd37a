import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="time")),
                ("verb", models.CharField(db_index=True, max_length=100, verbose_name="act")),
                ("outcome", models.CharField(choices=[("done", "Done"), ("refused", "Refused")], max_length=8, verbose_name="outcome")),
                ("object_type", models.CharField(blank=True, max_length=100, verbose_name="kind of object")),
                ("object_id", models.CharField(blank=True, max_length=64, verbose_name="object")),
                ("before", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="before")),
                ("after", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="after")),
                ("detail", models.CharField(blank=True, max_length=255, verbose_name="detail")),
                ("request_id", models.CharField(blank=True, max_length=64, verbose_name="request")),
                (
                    "actor",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit log",
                "ordering": ("-recorded_at", "-pk"),
                "default_permissions": ("view",),
                "indexes": [models.Index(fields=["object_type", "object_id"], name="audit_entry_of_object")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("outcome__in", ("done", "refused"))), name="audit_outcome_is_known")
                ],
            },
        ),
    ]
