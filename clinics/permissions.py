"""What the admin lets people do with the operational records; the services refuse the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from wagtail.permission_policies import ModelPermissionPolicy

if TYPE_CHECKING:
    from fammo.accounts.models import User


class RegisterPolicy(ModelPermissionPolicy):
    """Rows come from services: nobody adds or deletes them here, superusers included."""

    allowed: ClassVar[frozenset[str]] = frozenset({"view"})

    def user_has_permission(self, user: User, action: str) -> bool:
        return action in self.allowed and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: User, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class ClinicPolicy(RegisterPolicy):
    """Moderators also say whether Fammo has verified a clinic."""

    allowed = frozenset({"view", "change"})
