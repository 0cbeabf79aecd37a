"""What people ask of their own data: a copy, and that it goes."""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fammo.accounts.querysets import DataExportQuerySet, ErasureQuerySet
from fammo.common.privacy import NOT_PERSONAL, Declaration, Erase, Personal

EXPORT_FOLDER = "private/exports"
WHILE_EXPORT = "Until three days after the export was made."


def random_export_name() -> str:
    """Chosen when the export is asked for: a task that is run twice writes the same file twice, and nobody can guess it."""
    return f"{EXPORT_FOLDER}/{secrets.token_urlsafe(24)}.zip"


class DataExport(models.Model):
    """A copy of a person's data: asked for, made by a task, kept for three days."""

    class State(models.TextChoices):
        QUEUED = "queued", _("being made")
        READY = "ready", _("ready")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="data_exports")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    file = models.FileField(_("file"), max_length=100, default=random_export_name, editable=False)
    size_bytes = models.PositiveBigIntegerField(_("size in bytes"), null=True, blank=True)
    requested_at = models.DateTimeField(_("requested at"), default=timezone.now)
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)

    objects = DataExportQuerySet.as_manager()

    personal: ClassVar[Declaration] = {
        "user": Personal(purpose="Whose copy it is.", retention=WHILE_EXPORT),
        "file": Personal(purpose="Handing the copy over.", retention=WHILE_EXPORT, export=False),
        "requested_at": Personal(purpose="Showing when it was asked for.", retention=WHILE_EXPORT),
        **dict.fromkeys(("id", "state", "size_bytes", "ready_at", "expires_at"), NOT_PERSONAL),
    }

    class Meta:
        verbose_name = _("data export")
        verbose_name_plural = _("data exports")
        default_permissions = ()  # nobody edits these by themselves
        ordering = ("-requested_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("user",), condition=Q(state="queued"), name="data_export_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(state="queued") | Q(ready_at__isnull=False, expires_at__isnull=False, size_bytes__isnull=False),
                name="data_export_ready_has_its_times",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def file_name(self) -> str:
        """Where the storage keeps the file, or will."""
        return str(self.file.name)


class Erasure(models.Model):
    """That an account goes: asked for, waited for, done or called off. Its id is the number of the receipt.

    The row outlives the account and then leads to nobody. ``receipt`` counts what went and what was kept and why; ``files`` names
    stored files that are still to be deleted, so that a process killed after the commit leaves none behind.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CANCELLED = "cancelled", _("called off")
        DONE = "done", _("done")

    class Origin(models.TextChoices):
        OWNER = "owner", _("the person")
        STAFF = "staff", _("staff")
        OPERATOR = "operator", _("operator's command")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.SET_NULL, null=True, related_name="erasures"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    origin = models.CharField(_("asked for by"), max_length=10, choices=Origin)
    requested_at = models.DateTimeField(_("requested at"), default=timezone.now)
    due_at = models.DateTimeField(_("due at"))
    ended_at = models.DateTimeField(_("done or called off at"), null=True, blank=True)
    receipt = models.JSONField(_("receipt"), default=dict, blank=True)
    files = models.JSONField(_("files still to be deleted"), default=list, blank=True)

    objects = ErasureQuerySet.as_manager()

    personal: ClassVar[Declaration] = {
        "user": Personal(purpose="Whose account is to go.", retention="Until it is gone.", erase=Erase.BLANK),
        **dict.fromkeys(("id", "state", "origin", "requested_at", "due_at", "ended_at", "receipt", "files"), NOT_PERSONAL),
    }

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        default_permissions = ()  # nobody edits these by themselves
        ordering = ("-requested_at", "pk")
        indexes = (models.Index(fields=("due_at",), condition=Q(state="waiting"), name="erasure_due"),)
        constraints = (
            models.UniqueConstraint(fields=("user",), condition=Q(state="waiting"), name="erasure_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True) | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="erasure_end_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
