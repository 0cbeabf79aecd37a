"""Takes the place of ``wagtail.users`` in INSTALLED_APPS."""

from wagtail.users.apps import WagtailUsersAppConfig


class FammoUsersConfig(WagtailUsersAppConfig):
    user_viewset = "fammo.accounts.wagtail_users.viewsets.UserViewSet"
