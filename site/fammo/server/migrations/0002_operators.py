"""A group for those who keep Fammo running: accounts, plans, flags, background tasks and the audit log."""

from django.db import migrations

GROUP = "Operators"
PERMISSIONS = (
    ("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"),
    ("accounts", "user", "view_user", "Can view user"),
    ("server", "operations", "manage_accounts", "Can deactivate accounts and end their logins"),
    ("accounts", "subscriptionplan", "view_subscriptionplan", "Can view subscription plan"),
    ("accounts", "subscriptionplan", "change_subscriptionplan", "Can change subscription plan"),
    ("audit", "entry", "view_entry", "Can view audit entry"),
    ("server", "operations", "view_operations", "Can see metrics and background tasks"),
    ("server", "operations", "control_operations", "Can retry background tasks"),
    ("waffle", "flag", "view_flag", "Can view Flag"),
    ("waffle", "flag", "change_flag", "Can change Flag"),
)


def create_operators(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for app_label, model, codename, name in PERMISSIONS:
        content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
        permission, _ = Permission.objects.get_or_create(content_type=content_type, codename=codename, defaults={"name": name})
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("server", "0001_permissions_of_operations"),
        ("accounts", "0002_plans"),
        ("audit", "0001_append_only_log"),
        ("waffle", "0004_update_everyone_nullbooleanfield"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]

    operations = [migrations.RunPython(create_operators, migrations.RunPython.noop)]
