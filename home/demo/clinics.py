"""The demo clinics: registered by their owners, confirmed, and decided by the moderator, as their ``state`` in clinics.json says.

Only approved clinics are translated, and what waits for the moderator waits in the owner's language: one row each in the queue.
"""

from __future__ import annotations

import json
from datetime import date, time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.utils import timezone

from clinics import hours
from clinics.models import Clinic, ClinicPage
from clinics.services import ClinicChanges, approve_clinic, create_clinic, mark_email_confirmed, translate_clinic, update_clinic
from fammo.accounts.models import User
from fammo.cms.models import digest_revision

from . import people
from .objects import DemoObject

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).parent / "clinics.json"
AS_WRITTEN = (
    *("name", "address", "zip_code", "city", "country", "latitude", "longitude"),
    *("phone", "email", "website", "instagram", "specializations", "closed_on_holidays"),
)


def demo_objects() -> list[DemoObject]:
    entries: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return [DemoObject(f"clinic:{entry['key']}", partial(_make, entry)) for entry in entries]


def _make(entry: dict[str, Any]) -> None:
    moderator, translator = people.find(people.MODERATOR), people.find(people.TRANSLATOR)
    external_id = f"demo:{entry['key']}"
    if Clinic.objects.filter(external_id=external_id).exists():
        return
    owner = _owner(entry)
    clinic = create_clinic(
        owner=owner,
        changes=_changes(entry),
        language=entry["source_language"],
        confirmation_email=entry["email"],
        clinic_eoi=entry["eoi"],
        external_id=external_id,
    )
    if entry["state"] == "unconfirmed":
        return
    if entry["state"] == "approved":
        _translate(clinic, entry, translator)
    clinic = mark_email_confirmed(clinic=clinic)
    if entry["state"] == "approved":
        _approve(clinic, moderator)
    if "pending_change" in entry:
        changes = _changes({"source_language": entry["source_language"], **entry["pending_change"]})
        update_clinic(clinic=clinic, changes=changes, actor=owner)


def _owner(entry: dict[str, Any]) -> User:
    """The demo person who owns the clinic, or a new person at its address, who has no password to log in with."""
    if "owner" in entry:
        return people.find(entry["owner"])
    known = User.objects.filter(email=entry["email"]).first()
    first_name, _space, last_name = entry["vet"]["name"].rpartition(" ")
    return known or User.objects.create_user(
        entry["email"],
        language=entry["source_language"],
        first_name=first_name,
        last_name=last_name,
        is_active=entry["state"] != "unconfirmed",
    )


def _changes(entry: dict[str, Any]) -> ClinicChanges:
    """What clinics.json says in the words of ``clinics``; an entry may leave things out."""
    changes = {name: entry[name] for name in AS_WRITTEN if name in entry}
    if "bio" in entry:
        changes["bio"] = entry["bio"][entry["source_language"]]
    if "vet" in entry:
        changes |= {"vet_name": entry["vet"]["name"], "degrees": entry["vet"]["degrees"], "certifications": entry["vet"]["certifications"]}
    if "hours" in entry:
        changes["week"] = hours.make_week(_intervals(entry["hours"]))
    if "special_hours" in entry:
        changes["special_days"] = hours.make_special_days(_exceptions(entry["special_hours"]))
    return cast(ClinicChanges, changes)


def _intervals(days: dict[str, list[list[str]]]) -> Iterator[hours.Interval]:
    for day, intervals in days.items():
        for opens, closes in intervals:
            yield hours.Interval(int(day), hours.parse_time(opens), hours.parse_time(closes))


def _exceptions(days: dict[str, list[list[str]]]) -> Iterator[tuple[date, time | None, time | None]]:
    """Month and day, on the coming one; no interval means closed."""
    today = timezone.localdate()
    for month_and_day, intervals in days.items():
        on = date.fromisoformat(f"{today.year}-{month_and_day}")
        on = on if on >= today else on.replace(year=today.year + 1)
        for opens, closes in intervals or [["", ""]]:
            yield on, hours.parse_time(opens) if opens else None, hours.parse_time(closes) if closes else None


def _translate(clinic: Clinic, entry: dict[str, Any], translator: User) -> None:
    for language, bio in entry["bio"].items():
        if language != entry["source_language"]:
            translate_clinic(clinic=clinic, language=language, words={"bio": bio}, actor=translator)


def _approve(clinic: Clinic, moderator: User) -> None:
    """The source first: what a translation says belongs to a clinic that is listed."""
    for page in ClinicPage.objects.filter(translation_key=clinic.page.translation_key).order_by("pk"):
        approve_clinic(page=page, seen=digest_revision(page.latest_revision), actor=moderator)
