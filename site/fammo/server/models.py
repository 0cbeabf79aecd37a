"""The permissions of operations, which have no rows of their own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Operations(models.Model):
    """No table: a place for the permissions of those who keep Fammo running."""

    class Meta:
        managed = False
        default_permissions = ()
        verbose_name = _("operations")
        verbose_name_plural = _("operations")
        permissions: ClassVar = [
            ("view_operations", _("Can see metrics and background tasks")),
            ("control_operations", _("Can retry background tasks")),
            # Not accounts.change_user: in the Wagtail admin that is the power to make superusers.
            ("manage_accounts", _("Can deactivate accounts and end their logins")),
        ]

    def __str__(self) -> str:
        return "operations"
