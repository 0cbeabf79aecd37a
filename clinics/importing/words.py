"""What a record says about a clinic, whether in our words or in OpenStreetMap's. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext as _

from clinics.specializations import Specialization
from fammo.common.errors import InvalidInput

from . import opening_hours
from .readers import Record

if TYPE_CHECKING:
    from clinics.services import ClinicChanges

# For each of our names, what else it is called; the first that is there counts.
NAMES = {
    "name": ("name", "official_name", "operator"),
    "address": ("address",),
    "zip_code": ("zip_code", "postal_code", "addr:postcode"),
    "city": ("city", "addr:city", "addr:town", "addr:village", "addr:municipality"),
    "country": ("country", "addr:country"),
    "phone": ("phone", "contact:phone", "contact:mobile"),
    "email": ("email", "contact:email"),
    "website": ("website", "contact:website", "url"),
    "instagram": ("instagram", "contact:instagram"),
    "specializations": ("specializations",),
    "bio": ("bio", "description"),
    "vet_name": ("vet_name",),
    "hours_note": ("hours_note",),
}
DEGREES = (("latitude", "lat"), ("longitude", "lon", "lng"))
EXTERNAL_ID = ("external_id", "@id", "osm_id", "id")
MAX_NOTE = 300


@dataclass(frozen=True)
class ImportedClinic:
    """One clinic of a file: its id there (may be empty), what is said about it, and what could not be understood."""

    external_id: str
    changes: ClinicChanges
    notes: tuple[str, ...] = ()


def clinic_of(record: Record, *, country: str) -> ImportedClinic:
    """The clinic that the record describes; ``country`` is for records that name none. Raises InvalidInput."""
    values = record.values
    said: dict[str, Any] = {name: text for name, others in NAMES.items() if (text := _first(values, others))}
    if "name" not in said:
        raise InvalidInput(fields={"name": [_("A clinic needs a name.")]})
    said.setdefault("address", _street(values))
    said["country"] = said.get("country", country).upper()
    said |= _place(record)
    if "phone" in said:
        said["phone"] = said["phone"].split(";")[0].strip()
    if "website" in said:
        site = said["website"].split(";")[0].strip()
        said["website"] = site if "://" in site else f"https://{site}"
    if values.get("emergency") == "yes" and "specializations" not in said:
        said["specializations"] = [Specialization.EMERGENCY.value]
    notes = _read_hours(values.get("opening_hours", ""), said)
    return ImportedClinic(_first(values, EXTERNAL_ID), cast("ClinicChanges", said), notes)


def _first(values: dict[str, str], names: tuple[str, ...]) -> str:
    return next((values[name] for name in names if values.get(name)), "")


def _street(values: dict[str, str]) -> str:
    street = values.get("addr:street") or values.get("addr:place", "")
    return " ".join(part for part in (street, values.get("addr:housenumber", "")) if part)


def _place(record: Record) -> dict[str, Any]:
    """Raises InvalidInput for what is no pair of degrees."""
    texts = [next((record.values[name] for name in names if record.values.get(name)), "") for names in DEGREES]
    point = record.point if not any(texts) else tuple(_degrees(text) for text in texts)
    return {} if point is None else dict(zip(("latitude", "longitude"), point, strict=True))


def _degrees(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InvalidInput(fields={"coordinates": [_("Give both coordinates in degrees, for example 60.1699 and 24.9384.")]})
    return number


def _read_hours(text: str, said: dict[str, Any]) -> tuple[str, ...]:
    """Hours that we cannot read are kept as the text that they are, for people."""
    if not text:
        return ()
    try:
        found = opening_hours.parse(text)
    except opening_hours.NotUnderstood:
        said.setdefault("hours_note", text[:MAX_NOTE])
        return (f"opening_hours not understood, kept as a note: {text}",)
    said |= {"week": found.week, "special_days": found.special_days, "closed_on_holidays": found.closed_on_holidays}
    return ()
