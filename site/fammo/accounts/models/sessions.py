"""One login: a family of refresh tokens."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fammo.accounts.querysets import SessionQuerySet
from fammo.common.privacy import NOT_PERSONAL, Declaration, Personal

UNTIL_PRUNED = "Until a month after the login ended."


class Session(models.Model):
    """One login on one device. Tokens name it (``sid``) and are good only while it is alive.

    Only the ids of tokens are kept, never tokens. ``rotations`` lists those of the grace window, oldest first, as
    ``[jti, seconds since 1970 at which its successor was issued]``; the successor is the next in the list, the last one's is
    ``refresh_jti``. That is enough to answer a repeated refresh with the very same pair (design D9).
    """

    class EndReason(models.TextChoices):
        LOGOUT = "logout", _("logged out")
        LOGOUT_ALL = "logout_all", _("logged out everywhere")
        ENDED_BY_OWNER = "ended_by_owner", _("ended from another device")
        ENDED_BY_STAFF = "ended_by_staff", _("ended by staff")
        CREDENTIALS = "credentials", _("password or address changed")
        DEACTIVATED = "deactivated", _("account deactivated")
        REUSED = "reused", _("an old token was used again")
        ERASURE = "erasure", _("account to be deleted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="sessions")
    device = models.CharField(_("device"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("logged in at"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last used at"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires at"))
    wants_rotation = models.BooleanField(_("asked for rotation"), default=False)
    refresh_jti = models.CharField(_("current refresh token's id"), max_length=32)
    rotations = models.JSONField(_("recent rotations"), default=list, blank=True)
    credentials_stamp = models.CharField(_("credentials stamp"), max_length=64)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_reason = models.CharField(_("ended because"), max_length=20, blank=True, choices=EndReason)

    objects = SessionQuerySet.as_manager()

    personal: ClassVar[Declaration] = {
        "id": Personal(purpose="Names the login.", retention=UNTIL_PRUNED),
        "user": Personal(purpose="Whose login this is.", retention=UNTIL_PRUNED),
        "device": Personal(purpose="Letting the person recognise their devices.", retention=UNTIL_PRUNED),
        "created_at": Personal(purpose="Letting the person recognise their logins.", retention=UNTIL_PRUNED),
        "last_used_at": Personal(purpose="Letting the person recognise their logins.", retention=UNTIL_PRUNED),
        "ended_at": Personal(purpose="Letting the person see what ended.", retention=UNTIL_PRUNED),
        "ended_reason": Personal(purpose="Letting the person see why.", retention=UNTIL_PRUNED),
        "refresh_jti": NOT_PERSONAL,
        "rotations": NOT_PERSONAL,
        "wants_rotation": NOT_PERSONAL,
        "expires_at": NOT_PERSONAL,
        "credentials_stamp": Personal(purpose="Ending the login when the password changes.", retention=UNTIL_PRUNED, export=False),
    }

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        default_permissions = ()  # nobody edits these by themselves
        ordering = ("-last_used_at", "pk")
        indexes = (models.Index(fields=("expires_at",), name="session_expires_at"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_reason="") | (Q(ended_at__isnull=False) & ~Q(ended_reason="")),
                name="session_end_has_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.device or str(self.pk)

    def successor_of(self, jti: str, *, not_before: float) -> tuple[str, int] | None:
        """Id and time of issue of the refresh token that replaced ``jti``, if that was not before the given time."""
        ids = [*(old for old, _issued_at in self.rotations), self.refresh_jti]
        for (old, issued_at), successor in zip(self.rotations, ids[1:], strict=True):
            if old == jti and issued_at >= not_before:
                return successor, issued_at
        return None

    def is_alive(self) -> bool:
        """Neither ended nor expired, and its person still has the address and password of the login. Reads ``user``."""
        return (
            self.ended_at is None
            and self.expires_at > timezone.now()
            and self.user.is_active
            and self.credentials_stamp == self.user.credentials_stamp
        )
