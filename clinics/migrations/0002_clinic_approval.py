"""The Clinic approval workflow with its one task and the group that performs it.

Run again on a site where an administrator renamed or filled them, it finds what is there by name and adds only what is
missing. ``home`` hangs the workflow on the clinic directory of each language, because it makes those pages.
"""

from django.db import migrations

GROUP = "Clinic moderators"
TASK = "Clinic approval"
WORKFLOW = "Clinic approval"


def create_clinic_approval(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for app_label, model, codename, name in (
        ("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"),
        ("clinics", "clinic", "view_clinic", "Can view clinic"),
        ("clinics", "clinic", "change_clinic", "Can change clinic"),
        ("clinics", "moderationdecision", "view_moderationdecision", "Can view moderation decision"),
    ):
        content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
        permission, _ = Permission.objects.get_or_create(content_type=content_type, codename=codename, defaults={"name": name})
        group.permissions.add(permission)

    ClinicApprovalTask = apps.get_model("clinics", "ClinicApprovalTask")
    task_type, _ = ContentType.objects.get_or_create(app_label="clinics", model="clinicapprovaltask")
    task, _ = ClinicApprovalTask.objects.get_or_create(name=TASK, defaults={"content_type": task_type, "active": True})
    task.groups.add(group)
    workflow, _ = apps.get_model("wagtailcore", "Workflow").objects.get_or_create(name=WORKFLOW, defaults={"active": True})
    apps.get_model("wagtailcore", "WorkflowTask").objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0001_clinics"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]

    operations = [migrations.RunPython(create_clinic_approval, migrations.RunPython.noop)]
