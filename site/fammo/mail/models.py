"""Mails on their way: the outbox that an operator can look into."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from fammo.common import languages
from fammo.common.privacy import NOT_PERSONAL, Declaration, Person, Personal

WRITING = "Delivering a mail, and answering where one has gone."
KEPT_FOR_DAYS = 30
RETENTION = f"For {KEPT_FOR_DAYS} days."


class OutgoingMail(models.Model):
    """One mail to one mailbox, from the moment a service asked for it until it was handed to the mail server.

    ``context`` holds ids only; ``raw`` holds a whole message for mails that libraries build themselves (Wagtail's
    notifications) and is emptied once sent.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("dropped")

    kind = models.CharField(_("kind"), max_length=64)
    to = models.EmailField(_("to"))
    language = models.CharField(_("language"), max_length=5, choices=languages.CHOICES, default=languages.DEFAULT_CODE)
    context = models.JSONField(_("context"), default=dict, blank=True)
    raw = models.BinaryField(blank=True, default=b"")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    personal: ClassVar[Declaration] = {
        "kind": Personal(purpose=WRITING, retention=RETENTION),
        "to": Personal(purpose=WRITING, retention=RETENTION),
        "language": Personal(purpose=WRITING, retention=RETENTION),
        "state": Personal(purpose=WRITING, retention=RETENTION),
        "created_at": Personal(purpose=WRITING, retention=RETENTION),
        "sent_at": Personal(purpose=WRITING, retention=RETENTION),
        "context": Personal(purpose=WRITING, retention=RETENTION, export=False),
        "raw": Personal(purpose=WRITING, retention="Until it is delivered.", export=False),
        "last_error": Personal(purpose=WRITING, retention=RETENTION, export=False),
        "id": NOT_PERSONAL,
        "attempts": NOT_PERSONAL,
    }

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=["state", "created_at"], name="mail_state_created_idx"),)

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @classmethod
    def rows_about(cls, person: Person) -> "models.QuerySet[OutgoingMail]":
        """By mailbox: whatever was sent to any address of the person."""
        return cls.objects.filter(to__in=person.addresses)
