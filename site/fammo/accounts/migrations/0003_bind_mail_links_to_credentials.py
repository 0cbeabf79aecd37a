"""Links know the credentials they vouch for; those that were sent before do not, and are over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_plans")]

    operations = [
        migrations.AddField(
            model_name="maillink",
            name="credentials_stamp",
            field=models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="stamp of the credentials"),
            preserve_default=False,
        ),
    ]
