"""Which addresses and which outside accounts are a person's own."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.encoding import punycode
from django.utils.translation import gettext_lazy as _

from fammo.accounts.querysets import EmailChangeQuerySet
from fammo.common.privacy import NOT_PERSONAL, Declaration, Personal

UNTIL_PRUNED = "Until a month after it ended."
MOVING = "Moving the account to another address, with the word of both mailboxes."
WHILE_LINKED = "As long as the account exists."


def validate_mailbox(address: str) -> None:
    """Refuses an address whose domain has no name in DNS, so that no mail could ever be sent there. The rest an EmailField judges."""
    if address.isascii():
        return
    try:
        punycode(address.rpartition("@")[2].strip())
    except UnicodeError as exc:
        raise ValidationError(EmailValidator.message, code=EmailValidator.code) from exc


class EmailChange(models.Model):
    """A new address that a person asked for. It counts when both mailboxes have agreed; a newer wish replaces an older one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="email_changes")
    old_email = models.EmailField(_("old address"))
    new_email = models.EmailField(_("new address"))
    requested_at = models.DateTimeField(_("requested at"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires at"))
    old_confirmed_at = models.DateTimeField(_("confirmed at the old address"), null=True, blank=True)
    new_confirmed_at = models.DateTimeField(_("confirmed at the new address"), null=True, blank=True)
    ended_at = models.DateTimeField(_("done or called off at"), null=True, blank=True)

    objects = EmailChangeQuerySet.as_manager()

    personal: ClassVar[Declaration] = {
        **dict.fromkeys(
            ("user", "old_email", "new_email", "requested_at", "old_confirmed_at", "new_confirmed_at"),
            Personal(purpose=MOVING, retention=UNTIL_PRUNED),
        ),
        **dict.fromkeys(("id", "expires_at", "ended_at"), NOT_PERSONAL),
    }

    class Meta:
        verbose_name = _("change of address")
        verbose_name_plural = _("changes of address")
        default_permissions = ()  # nobody edits these by themselves
        ordering = ("-requested_at", "pk")
        constraints = (models.UniqueConstraint(fields=("user",), condition=Q(ended_at__isnull=True), name="email_change_one_at_a_time"),)

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_confirmed(self) -> bool:
        return self.old_confirmed_at is not None and self.new_confirmed_at is not None


class GoogleIdentity(models.Model):
    """The Google account that a person signs in with, by Google's own name for it: addresses move from person to person, it does not."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, primary_key=True, related_name="google_identity"
    )
    subject = models.CharField(_("Google's id"), max_length=255, unique=True)
    linked_at = models.DateTimeField(_("linked at"), default=timezone.now)

    personal: ClassVar[Declaration] = dict.fromkeys(
        ("user", "subject", "linked_at"), Personal(purpose="Signing in with Google.", retention=WHILE_LINKED)
    )

    class Meta:
        verbose_name = _("Google account")
        verbose_name_plural = _("Google accounts")
        default_permissions = ()  # nobody edits these by themselves

    def __str__(self) -> str:
        return str(self.pk)
