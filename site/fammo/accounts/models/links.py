"""Links that prove who reads a mailbox."""

from __future__ import annotations

import base64
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from fammo.accounts.querysets import MailLinkQuerySet
from fammo.common.privacy import NOT_PERSONAL, Declaration, Personal

UNTIL_PRUNED = "Until a month after the link ended."


def _urlsafe(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class MailLink(models.Model):
    """Proof that its holder reads the mailbox of ``user``: for one purpose, used once, until it expires or a newer one is sent.

    It vouches for the password and the address that the user had when it was made, and is over when either changes.

    The token is derived from SECRET_KEY and the row and stored nowhere, so a copy of the database opens no account. Issue and
    redeem links through ``fammo.accounts.links``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="mail_links")
    purpose = models.CharField(_("purpose"), max_length=64)
    subject = models.CharField(_("subject"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires at"))
    credentials_stamp = models.CharField(_("stamp of the credentials"), max_length=64, blank=True, editable=False)
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    superseded_at = models.DateTimeField(_("replaced by a newer one at"), null=True, blank=True)

    objects = MailLinkQuerySet.as_manager()

    personal: ClassVar[Declaration] = {
        "user": Personal(purpose="Whose mailbox the link proves.", retention=UNTIL_PRUNED),
        "purpose": Personal(purpose="What the link is for.", retention=UNTIL_PRUNED),
        "subject": Personal(purpose="What the link is about.", retention=UNTIL_PRUNED),
        "created_at": Personal(purpose="Showing when it was sent.", retention=UNTIL_PRUNED),
        "used_at": Personal(purpose="Making sure that it works once.", retention=UNTIL_PRUNED),
        "id": NOT_PERSONAL,
        "expires_at": NOT_PERSONAL,
        "credentials_stamp": NOT_PERSONAL,
        "superseded_at": NOT_PERSONAL,
    }

    class Meta:
        verbose_name = _("mail link")
        verbose_name_plural = _("mail links")
        default_permissions = ()  # nobody edits these by themselves
        ordering = ("-created_at", "pk")
        indexes = (models.Index(fields=("expires_at",), name="mail_link_expires_at"),)
        constraints = (
            models.UniqueConstraint(
                fields=("user", "purpose", "subject"),
                condition=Q(used_at__isnull=True, superseded_at__isnull=True),
                name="mail_link_only_the_newest_is_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose} · {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def token(self) -> str:
        """The secret part of the address: the row's id (22 characters) and its signature (43)."""
        signed = f"{self.pk}|{self.user_id}|{self.purpose}|{self.subject}|{self.expires_at.timestamp()}"
        return _urlsafe(self.pk.bytes) + _urlsafe(salted_hmac("fammo.accounts.links", signed, algorithm="sha256").digest())
