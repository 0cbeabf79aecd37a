"""The audit log (docs/decisions/0010-audit-log.md)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fammo.common.privacy import NOT_PERSONAL, Declaration, Erase, Personal

from . import verbs

ACCOUNTABILITY = "Shows who did what, so that mistakes and misuse can be found."
PSEUDONYMOUS = "The line stays; an account's id is random, and once the account is erased nothing leads from it to a person."


class Entry(models.Model):
    """One act: who, what, to which thing, from which values to which, and whether it was done or refused.

    Triggers refuse to change or delete a row (``fammo.common.written_once``). It names accounts by their opaque ids without
    a foreign key's hold on them, so an account can be erased and its id becomes a pseudonym.
    """

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    recorded_at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)
    verb = models.CharField(_("act"), max_length=100, db_index=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    object_type = models.CharField(_("kind of object"), max_length=100, blank=True)
    object_id = models.CharField(_("object"), max_length=64, blank=True)
    before = models.JSONField(_("before"), default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("after"), default=dict, encoder=DjangoJSONEncoder)
    detail = models.CharField(_("detail"), max_length=255, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    personal: ClassVar[Declaration] = {
        "actor": Personal(purpose=ACCOUNTABILITY, retention=PSEUDONYMOUS, erase=Erase.KEEP),
        "object_id": Personal(purpose=ACCOUNTABILITY, retention=PSEUDONYMOUS, erase=Erase.KEEP),
        **dict.fromkeys(
            ("id", "recorded_at", "verb", "outcome", "object_type", "before", "after", "detail", "request_id"),
            NOT_PERSONAL,  # personal columns are masked before they get here
        ),
    }

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ("-recorded_at", "-pk")
        default_permissions = ("view",)
        indexes = (models.Index(fields=["object_type", "object_id"], name="audit_entry_of_object"),)
        constraints = (models.CheckConstraint(condition=models.Q(outcome__in=("done", "refused")), name="audit_outcome_is_known"),)

    def __str__(self) -> str:
        return f"{self.verb} #{self.object_id}"

    @property
    def verb_label(self) -> str:
        """The act in words."""
        return verbs.label_of(self.verb)
