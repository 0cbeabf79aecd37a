"""Clinics that an operator brings in from a file (docs/decisions: imported clinics)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import transaction

from clinics import policies
from clinics.models import Clinic, ClinicPage
from fammo.cms.models import ReviewedTaskState
from fammo.common.errors import NotAllowed

from .editing import write_changes
from .moderation import approve_clinic, submit_clinic
from .registration import create_clinic

if TYPE_CHECKING:
    from fammo.accounts.models import User

    from .drafts import ClinicChanges

State = Clinic.State


class Imported(StrEnum):
    """What became of one clinic of a file."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"  # somebody owns it, and speaks for it better than the file


@transaction.atomic
def import_clinic(*, external_id: str, changes: ClinicChanges, language: str, approve_as: User | None = None) -> Imported:
    """Add the clinic, or change the one that came under this id before; it waits in the queue like everybody's.

    ``approve_as`` publishes it at once, as that moderator's decision. What moderators refused or suspended is never published by an
    import. Raises ValidationError, InvalidInput and NotAllowed, and then nothing has happened.
    """
    if approve_as is not None and not policies.is_moderator(approve_as):
        raise NotAllowed
    clinic = Clinic.objects.select_related("page").filter(external_id=external_id).first()
    if clinic is None:
        clinic, outcome = _add(external_id, changes, language), Imported.ADDED
    elif clinic.owner_id is not None:
        return Imported.KEPT
    elif clinic.state in {State.REJECTED, State.SUSPENDED}:
        approve_as = None
        outcome = _change(clinic, changes)
    else:
        outcome = _change(clinic, changes)
    if approve_as is not None:
        _approve(clinic, approve_as)
    return outcome


def _add(external_id: str, changes: ClinicChanges, language: str) -> Clinic:
    """No mailbox is confirmed, because nobody has claimed to read it; the operator vouches instead."""
    clinic = create_clinic(owner=None, changes=changes, language=language, confirmation_email="", external_id=external_id)
    clinic.move_to(State.PENDING)
    clinic.save(update_fields=["state"])
    submit_clinic(clinic=clinic)
    return clinic


def _change(clinic: Clinic, changes: ClinicChanges) -> Imported:
    return Imported.CHANGED if write_changes(clinic=clinic, changes=changes, actor=None) else Imported.UNCHANGED


def _approve(clinic: Clinic, moderator: User) -> None:
    page = ClinicPage.objects.get(pk=clinic.page_id)
    review = page.current_workflow_task_state
    if isinstance(review, ReviewedTaskState):
        approve_clinic(page=page, seen=review.content_sha256, actor=moderator)
