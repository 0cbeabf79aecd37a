"""The audit verbs of AI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from fammo.audit import services
from fammo.audit.verbs import declare

if TYPE_CHECKING:
    from fammo.accounts.models import User


@declare
class Verb(TextChoices):
    """Permanent names, and their words for the report."""

    MADE = "ai.advice.made", _("Advice generated")
    CLEARED = "ai.chat.cleared", _("Chat cleared")
    DELETED = "ai.chat.deleted", _("Chat deleted")
    MESSAGE_DELETED = "ai.chat_message.deleted", _("Chat message deleted")
    TRIED = "ai.profile.tried", _("Pet profile tried in the laboratory")


def record(verb: Verb, *, target: models.Model | None, actor: User | None, detail: str = "") -> None:
    """Write that ``actor`` did this; the detail is a code or a number."""
    services.record(verb, actor=actor, target=target, detail=detail)
