from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("home", "0003_roles")]

    operations = [
        migrations.CreateModel(
            name="DemoRecord",
            fields=[
                ("key", models.CharField(max_length=100, primary_key=True, serialize=False, verbose_name="key")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
            ],
            options={"verbose_name": "demo record", "verbose_name_plural": "demo records"},
        ),
    ]
