"""The group *Legal editors* and the workflow *Legal approval* with its one task.

Run again on a site where an administrator renamed or filled them, it finds what is there by name and adds only what is
missing. ``home`` makes the pages, so ``home`` hangs the workflow on the source language's LegalIndexPage and gives the
groups their page permissions; translations need no workflow: approving the source publishes them, and approving it again
adds those that were completed later.
"""

from django.db import migrations

GROUP = "Legal editors"
TASK = "Legal approval"
WORKFLOW = "Legal approval"


def create_legal_approval(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    for app_label, model, codename, name in (
        ("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"),
        ("legal", "legalversion", "view_legalversion", "Can view legal version"),
        ("legal", "consentevent", "view_consentevent", "Can view consent event"),
    ):
        content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
        permission, _ = Permission.objects.get_or_create(content_type=content_type, codename=codename, defaults={"name": name})
        group.permissions.add(permission)

    LegalApprovalTask = apps.get_model("legal", "LegalApprovalTask")
    task_type, _ = ContentType.objects.get_or_create(app_label="legal", model="legalapprovaltask")
    task, _ = LegalApprovalTask.objects.get_or_create(name=TASK, defaults={"content_type": task_type, "active": True})
    task.groups.add(group)
    workflow, _ = apps.get_model("wagtailcore", "Workflow").objects.get_or_create(name=WORKFLOW, defaults={"active": True})
    apps.get_model("wagtailcore", "WorkflowTask").objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})


class Migration(migrations.Migration):
    dependencies = [
        ("legal", "0001_pages_versions_and_ledger"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]

    operations = [migrations.RunPython(create_legal_approval, migrations.RunPython.noop)]
