"""The audit verbs of clinics."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from clinics.models import Clinic
from fammo.accounts.models import User
from fammo.audit import services
from fammo.audit.services import Columns
from fammo.audit.verbs import declare


@declare
class Verb(TextChoices):
    """Permanent names, and their words for the report."""

    APPROVED = "clinics.clinic.approved", _("Clinic approved")
    CHANGES_REQUESTED = "clinics.clinic.changes_requested", _("Changes of a clinic requested")
    REJECTED = "clinics.clinic.rejected", _("Clinic rejected")
    SUSPENDED = "clinics.clinic.suspended", _("Clinic suspended")
    REINSTATED = "clinics.clinic.reinstated", _("Clinic reinstated")
    VERIFIED = "clinics.clinic.verification_changed", _("Verification of a clinic changed")
    PINNED = "clinics.clinic.pinned", _("Clinic placed on the map")
    CLAIMED = "clinics.clinic.claimed", _("Clinic claimed for review")
    RELEASED = "clinics.clinic.released", _("Claim of a clinic given back")


def record(
    verb: Verb, *, clinic: Clinic, actor: User | None, before: Columns | None = None, after: Columns | None = None, detail: str = ""
) -> None:
    """Write that ``actor`` did this to ``clinic``."""
    services.record(verb, actor=actor, target=clinic, before=before, after=after, detail=detail)
