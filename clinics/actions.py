"""What Wagtail's v3 API may do to pages, where a public clinic is concerned."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.actions.base import BaseAction
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page

from .models import ClinicPage

STAYS = _("A public clinic is taken down by suspending it, with the reason that its owner is told.")


def is_public_clinic(page: Page) -> bool:
    return page.live and isinstance(page.specific, ClinicPage)


class KeepsPublicClinics(BaseAction):
    """Only a suspension, which has a reason, takes a clinic down; raises PermissionDenied."""

    def check(self, skip_permission_checks: bool = False) -> None:
        super().check(skip_permission_checks)
        if not skip_permission_checks and is_public_clinic(self.instance):
            raise PermissionDenied(str(STAYS))


class Unpublish(KeepsPublicClinics, UnpublishPageAction):
    """Of any other page."""


class Delete(KeepsPublicClinics, DeletePageAction):
    """Of any other page."""
