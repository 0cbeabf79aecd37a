"""Where to go now: the nearest clinics that are open, for advice that sends people to a vet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

from django.utils import timezone

from clinics import selectors as clinics
from clinics.cards import ClinicCard, card_of_row
from clinics.selectors import DirectoryFilter
from fammo.accounts import selectors as accounts

if TYPE_CHECKING:
    from fammo.accounts.models import User

RADIUS_KM = 100.0
NAMED = 3


class NamedClinic(TypedDict):
    """A clinic as urgent advice names it; ``distance_km`` None where the person's place is not known."""

    id: int
    name: str
    phone: str
    address: str
    city: str
    distance_km: float | None
    is_open: bool


def nearest_open(user: User, language: str) -> list[NamedClinic]:
    """The nearest clinics that are open now; where none is known to be, the nearest ones, said to be closed."""
    now = timezone.now()
    open_ones = _around(user, language, DirectoryFilter(open_at=now))
    return [_named(card, is_open=bool(open_ones)) for card in open_ones or _around(user, language, DirectoryFilter())]


def _around(user: User, language: str, wanted: DirectoryFilter) -> list[ClinicCard]:
    """By distance from where the person is, with their consent; else those of their city."""
    profile = accounts.profile_of(user)
    if profile.latitude is not None and profile.longitude is not None:
        near = clinics.nearby(wanted, profile.latitude, profile.longitude, RADIUS_KM)
        return clinics.cards_at(near[:NAMED], language)
    if not profile.city:
        return []
    rows = clinics.listings(replace(wanted, city=profile.city))[:NAMED]
    return [card_of_row(row, language) for row in rows]


def _named(card: ClinicCard, *, is_open: bool) -> NamedClinic:
    return NamedClinic(
        id=card.id,
        name=card.name,
        phone=card.phone,
        address=card.address,
        city=card.city,
        distance_km=card.distance_km,
        is_open=is_open,
    )
