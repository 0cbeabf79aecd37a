"""What Wagtail's v3 API may do to pages, where Wagtail's own action would do too much or break."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.models import Page

from .errors import AlreadyTranslated
from .models import ReviewedPage


class TranslateOnce(CopyPageForTranslationAction):
    """A page gets one translation for each language, and a reviewed page no alias, which nobody would have to approve.

    Raises AlreadyTranslated and PermissionDenied; then nothing is copied, not even part of a subtree.
    """

    def check(self, skip_permission_checks: bool = False) -> None:
        super().check(skip_permission_checks)
        pages = self.page.get_descendants(inclusive=True) if self.include_subtree else Page.objects.filter(pk=self.page.pk)
        if self.alias and pages.type(ReviewedPage).exists():
            raise PermissionDenied

    def execute(self, skip_permission_checks: bool = False) -> Page:
        try:
            with transaction.atomic():
                return super().execute(skip_permission_checks)
        except IntegrityError as exc:
            raise AlreadyTranslated from exc
