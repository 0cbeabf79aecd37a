from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Operations",
            fields=[("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))],
            options={
                "verbose_name": "operations",
                "verbose_name_plural": "operations",
                "permissions": [
                    ("view_operations", "Can see metrics and background tasks"),
                    ("control_operations", "Can retry background tasks"),
                    ("manage_accounts", "Can deactivate accounts and end their logins"),
                ],
                "managed": False,
                "default_permissions": (),
            },
        ),
    ]
