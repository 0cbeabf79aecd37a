"""The vocabulary for many sessions and many links."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from fammo.accounts.models import User


class SessionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> SessionQuerySet:
        """A person sees their own logins."""
        return self.filter(user=user)

    def alive(self) -> SessionQuerySet:
        """Neither ended nor expired."""
        return self.filter(ended_at=None, expires_at__gt=timezone.now())

    def over_since(self, moment: datetime) -> SessionQuerySet:
        """Ended or expired before the moment."""
        return self.filter(models.Q(ended_at__lt=moment) | models.Q(expires_at__lt=moment))


class MailLinkQuerySet(models.QuerySet[Any]):
    def open(self) -> MailLinkQuerySet:
        """Neither used nor replaced; perhaps expired."""
        return self.filter(used_at=None, superseded_at=None)

    def over_since(self, moment: datetime) -> MailLinkQuerySet:
        """Used, replaced or expired before the moment."""
        return self.filter(models.Q(used_at__lt=moment) | models.Q(superseded_at__lt=moment) | models.Q(expires_at__lt=moment))


class EmailChangeQuerySet(models.QuerySet[Any]):
    def open(self) -> EmailChangeQuerySet:
        """Neither done nor called off; perhaps expired."""
        return self.filter(ended_at=None)

    def over_since(self, moment: datetime) -> EmailChangeQuerySet:
        """Ended or expired before the moment."""
        return self.filter(models.Q(ended_at__lt=moment) | models.Q(expires_at__lt=moment))


class DataExportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> DataExportQuerySet:
        """A person sees their own exports that are not over."""
        return self.filter(user=user).exclude(expires_at__lte=timezone.now())

    def ready(self) -> DataExportQuerySet:
        """Can be downloaded."""
        return self.filter(state="ready", expires_at__gt=timezone.now())

    def expired(self) -> DataExportQuerySet:
        """To be removed."""
        return self.filter(expires_at__lte=timezone.now())


class ErasureQuerySet(models.QuerySet[Any]):
    def waiting(self) -> ErasureQuerySet:
        """Can still be called off."""
        return self.filter(state="waiting")

    def due(self) -> ErasureQuerySet:
        """Waiting, and the wait is over."""
        return self.waiting().filter(due_at__lte=timezone.now())

    def with_files(self) -> ErasureQuerySet:
        """Done, with stored files that are still to be deleted."""
        return self.filter(state="done").exclude(files=[])
