"""Content editors keep the ingredient table; translators put its names right."""

from django.db import migrations

ROLES = {"Content editors": ("add", "change", "view"), "Translators": ("change", "view")}


def give_permissions(apps, schema_editor):
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label="ai", model="ingredient")
    Permission = apps.get_model("auth", "Permission")
    for name, verbs in ROLES.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        for verb in verbs:
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type, codename=f"{verb}_ingredient", defaults={"name": f"Can {verb} ingredient"}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("ai", "0005_ingredients"), ("home", "0003_roles")]

    operations = [migrations.RunPython(give_permissions, migrations.RunPython.noop)]
