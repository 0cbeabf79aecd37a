"""The API's own bookkeeping: what changed, who called how often, which keys were answered. Nothing here is content."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fammo.common.privacy import NOT_PERSONAL, Declaration, Person, Personal


class TableChange(models.Model):
    """A counter per watched table that database triggers move at every write (SQLite); see docs/decisions/0005."""

    table_name = models.CharField(max_length=128, primary_key=True)
    version = models.BigIntegerField()

    personal: ClassVar[Declaration] = dict.fromkeys(("table_name", "version"), NOT_PERSONAL)

    class Meta:
        verbose_name = _("table change")
        verbose_name_plural = _("table changes")

    def __str__(self) -> str:
        return f"{self.table_name} {self.version}"


class RateWindow(models.Model):
    """Calls of one caller in one scope and window; kept for two windows."""

    key = models.CharField(max_length=200, primary_key=True)
    hits = models.PositiveIntegerField()
    expires_at = models.FloatField(db_index=True)

    personal: ClassVar[Declaration] = {
        "key": Personal(
            purpose="Counting calls, so that nobody can guess passwords or overload Fammo.", retention="For two windows.", export=False
        ),
        "hits": NOT_PERSONAL,
        "expires_at": NOT_PERSONAL,
    }

    class Meta:
        verbose_name = _("rate window")
        verbose_name_plural = _("rate windows")

    def __str__(self) -> str:
        return self.key

    @classmethod
    def rows_about(cls, person: Person) -> models.QuerySet[RateWindow]:
        """Those that name the account; others are keyed by hashes and network addresses and lead to nobody."""
        return cls.objects.filter(key__contains=f"/user:{person.id}/")


class IdempotentRequest(models.Model):
    """The first answer to a POST with an ``Idempotency-Key``, kept for 24 hours; it exists only once the work is done.

    ``principal`` names the caller (a user's id, or for strangers a hash of their device or address), ``fingerprint`` the request.
    The body may hold what the caller wrote about themselves: erasing a person deletes their rows.
    """

    principal = models.CharField(max_length=80)
    key = models.CharField(max_length=128)
    fingerprint = models.CharField(max_length=64)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=500)
    status_code = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    personal: ClassVar[Declaration] = {
        **dict.fromkeys(
            ("principal", "body"),
            Personal(purpose="Answering a repeated request like the first one.", retention="For 24 hours.", export=False),
        ),
        **dict.fromkeys(("id", "key", "fingerprint", "method", "path", "status_code", "headers", "created_at"), NOT_PERSONAL),
    }

    class Meta:
        verbose_name = _("idempotent request")
        verbose_name_plural = _("idempotent requests")
        constraints: ClassVar = [models.UniqueConstraint(fields=["principal", "key"], name="idempotency_key_once_per_caller")]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @classmethod
    def rows_about(cls, person: Person) -> models.QuerySet[IdempotentRequest]:
        return cls.objects.filter(principal=f"user:{person.id}")
