"""Read-only registers in the admin (design D14): what happened, shown and never edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin

if TYPE_CHECKING:
    from fammo.accounts.models import User


class ReadOnly(PermissionHelper):
    """Looking needs the model's view permission; nobody adds, changes or deletes here, superusers included."""

    def user_can_list(self, user: User) -> bool:
        return bool(self.user_has_specific_permission(user, self.get_perm_codename("view")))

    def user_can_inspect_obj(self, user: User, obj: models.Model) -> bool:
        return self.user_can_list(user)

    def user_can_create(self, user: User) -> bool:
        return False

    def user_can_edit_obj(self, user: User, obj: models.Model) -> bool:
        return False

    def user_can_delete_obj(self, user: User, obj: models.Model) -> bool:
        return False


class Register(ModelAdmin):
    """A list with filters and search over rows that nobody may touch; each row opens in a read-only page."""

    permission_helper_class = ReadOnly
    inspect_view_enabled = True
    history_view_enabled = False
    list_per_page = 50
