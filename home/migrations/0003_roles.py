"""Four groups with exactly what they need; Wagtail's own Editors, Moderators and their workflow leave.

Page permissions flow down the tree, so each group gets them on its sections and never on a front page. Nobody but
Content editors may publish: legal texts and clinics go live by approval, translations with their source.
"""

from django.db import migrations

# (app, model, codename, name) of permissions on models
ADMIN = ("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin")
TRANSLATE = ("wagtail_localize", "translation", "submit_translation", "Can submit translations")
CONFIGURE = ("home", "appconfiguration", "change_appconfiguration", "Can change app configuration")
REFERENCE_LISTS = (
    "pettype", "gender", "breed", "agecategory", "foodtype", "foodfeeling", "foodimportance", "bodytype", "activitylevel",
    "foodallergy", "healthissue", "treatfrequency",
)

# group -> (permissions on models, {section model: permissions on its pages}, languages of those sections)
ROLES = {
    "Legal editors": (
        [ADMIN, TRANSLATE, ("legal", "legalversion", "view_legalversion", "Can view legal version"), ("legal", "consentevent", "view_consentevent", "Can view consent event")],
        {"legalindexpage": ["add_page", "change_page"]},
        ("en", "fi", "nl", "tr"),
    ),
    "Content editors": (
        [ADMIN, TRANSLATE, CONFIGURE, *(("pets", model, f"{verb}_{model}", f"Can {verb} {model}") for model in REFERENCE_LISTS for verb in ("add", "change", "view"))],
        {"onboardingindexpage": ["add_page", "change_page", "publish_page"]},
        ("en", "fi", "nl", "tr"),
    ),
    "Translators": (
        [ADMIN, TRANSLATE, *(("pets", model, f"{verb}_{model}", f"Can {verb} {model}") for model in REFERENCE_LISTS for verb in ("change", "view"))],
        {"legalindexpage": ["change_page"], "onboardingindexpage": ["change_page"], "clinicindexpage": ["change_page"]},
        ("fi", "nl", "tr"),
    ),
}
IMAGES = ("add_image", "change_image", "choose_image")


def permission(apps, app, model, codename, name):
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app, model=model)
    return apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": name}
    )[0]


def create_roles(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Page = apps.get_model("wagtailcore", "Page")
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    GroupCollectionPermission = apps.get_model("wagtailcore", "GroupCollectionPermission")
    root_collection = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)

    for name, (model_permissions, sections, languages) in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*(permission(apps, *needed) for needed in model_permissions))
        for section, codenames in sections.items():
            for page in Page.objects.filter(content_type__model=section, locale__language_code__in=languages):
                for codename in codenames:
                    allowed = permission(apps, "wagtailcore", "page", codename, f"Can {codename.split('_')[0]} page")
                    GroupPagePermission.objects.get_or_create(group=group, page=page, permission=allowed)

    content_editors = Group.objects.get(name="Content editors")
    for codename in IMAGES:
        allowed = permission(apps, "wagtailimages", "image", codename, f"Can {codename.split('_')[0]} image")
        GroupCollectionPermission.objects.get_or_create(group=content_editors, collection=root_collection, permission=allowed)


def remove_stock_roles(apps, schema_editor):
    apps.get_model("wagtailcore", "WorkflowPage").objects.filter(page__depth=1).delete()
    Workflow = apps.get_model("wagtailcore", "Workflow")
    Workflow.objects.filter(name="Moderators approval", workflow_states=None).delete()
    apps.get_model("wagtailcore", "Task").objects.filter(name="Moderators approval", task_states=None).delete()
    apps.get_model("auth", "Group").objects.filter(name__in=("Editors", "Moderators"), user=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0002_site_tree"),
        ("pets", "0001_reference_lists_and_pets"),
        ("wagtailimages", "0027_image_description"),
        ("wagtail_localize", "0016_rename_page_revision_translationlog_revision"),
        ("wagtailadmin", "0006_formstate"),
    ]
    operations = [
        migrations.RunPython(create_roles, migrations.RunPython.noop),
        migrations.RunPython(remove_stock_roles, migrations.RunPython.noop),
    ]
