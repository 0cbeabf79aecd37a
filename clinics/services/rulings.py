"""Decisions as data: one at a time for the screen and the API, many at once with a rehearsal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from clinics.errors import ClinicNotFound
from clinics.models import Clinic, ClinicPage, Reason
from clinics.moderation.actions import Action
from fammo.common.errors import DomainError

from .moderation import approve_clinic, reinstate_clinic, reject_clinic, request_changes, suspend_clinic

if TYPE_CHECKING:
    from fammo.accounts.models import User

NO_REASON = Reason(reason_code="", reason_field="", reason_text="")


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """A decision about one page: ``seen`` is the digest of the content that it is about."""

    page_id: int
    action: str
    seen: str
    reason: Reason = field(default_factory=lambda: NO_REASON)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one ruling; ``error`` is None when it was carried out, or would be."""

    page_id: int
    name: str
    error: DomainError | None


class _RehearsalOver(Exception):
    """Undoes a rehearsed decision."""


@transaction.atomic
def decide(*, ruling: Ruling, actor: User) -> None:
    """Carry the ruling out; raises what its service raises, and ClinicNotFound."""
    page = ClinicPage.objects.select_related("locale").filter(pk=ruling.page_id).first()
    clinic = page and Clinic.objects.select_related("page").filter(page__translation_key=page.translation_key).first()
    if page is None or clinic is None:
        raise ClinicNotFound
    about: dict[str, Any] = {"seen": ruling.seen, "actor": actor}
    match Action(ruling.action):
        case Action.APPROVE:
            approve_clinic(page=page, **about)
        case Action.REQUEST_CHANGES:
            request_changes(page=page, **about, **ruling.reason)
        case Action.REJECT:
            reject_clinic(page=page, **about, **ruling.reason)
        case Action.SUSPEND:
            suspend_clinic(clinic=clinic, **about, **ruling.reason)
        case Action.REINSTATE:
            reinstate_clinic(clinic=clinic, **about)
        case other:
            raise ValueError(f"{other} is not a decision.")


def decide_in_bulk(*, rulings: Iterable[Ruling], actor: User, is_rehearsal: bool) -> list[Outcome]:
    """Each ruling by itself, in the order of their pages: one that is refused keeps no other back.

    A rehearsal does everything, mail included, and undoes it, so that it refuses exactly what the decision would refuse.
    """
    in_turn = sorted(rulings, key=lambda ruling: ruling.page_id)  # so that two moderators' locks never cross
    return [_outcome(ruling, actor, is_rehearsal) for ruling in in_turn]


def _outcome(ruling: Ruling, actor: User, is_rehearsal: bool) -> Outcome:
    name = ClinicPage.objects.filter(pk=ruling.page_id).values_list("draft_title", flat=True).first() or ""
    try:
        with transaction.atomic():
            decide(ruling=ruling, actor=actor)
            if is_rehearsal:
                raise _RehearsalOver
    except _RehearsalOver:
        pass
    except DomainError as error:
        return Outcome(page_id=ruling.page_id, name=name, error=error)
    return Outcome(page_id=ruling.page_id, name=name, error=None)
