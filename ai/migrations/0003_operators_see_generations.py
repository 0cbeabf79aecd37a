"""Operators read the registers of AI and try profiles."""

from django.db import migrations

GROUP = "Operators"
PERMISSIONS = (
    ("generation", "view_generation", "Can view generation"),
    ("generation", "try_profiles", "Can try pet profiles against engine and model"),
    ("monthlyuse", "view_monthlyuse", "Can view monthly use"),
    ("modelprices", "change_modelprices", "Can change language model prices"),
)


def give_permissions(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for model, codename, name in PERMISSIONS:
        content_type, _ = ContentType.objects.get_or_create(app_label="ai", model=model)
        permission, _ = Permission.objects.get_or_create(content_type=content_type, codename=codename, defaults={"name": name})
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("ai", "0002_permission_to_try_profiles"), ("server", "0002_operators")]

    operations = [migrations.RunPython(give_permissions, migrations.RunPython.noop)]
