"""The audit verbs of pets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from fammo.audit import services
from fammo.audit.verbs import declare

from .models import Pet

if TYPE_CHECKING:
    from fammo.accounts.models import User


@declare
class Verb(TextChoices):
    """Permanent names, and their words for the report."""

    CREATED = "pets.pet.created", _("Pet added")
    CHANGED = "pets.pet.changed", _("Pet changed")
    DELETED = "pets.pet.deleted", _("Pet deleted")
    RESTORED = "pets.pet.restored", _("Pet restored")


def record(verb: Verb, *, pet: Pet, actor: User | None) -> None:
    """Write that ``actor`` did this to the pet."""
    services.record(verb, actor=actor, target=pet)
