"""A clinic as search engines read it: schema.org's VeterinaryCare, as JSON-LD. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString, mark_safe

from . import hours
from .models import Clinic

if TYPE_CHECKING:
    from datetime import time

    from .cards import ClinicCard

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# What could end the script element, or begin a comment in it.
ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def veterinary_care(card: ClinicCard, url: str) -> dict[str, Any]:
    """What is known about the clinic, and nothing that is not: empty members are left out."""
    said = {
        "@context": "https://schema.org",
        "@type": "VeterinaryCare",
        "@id": url,
        "url": url,
        "name": card.name,
        "description": card.bio,
        "image": card.logo,
        "telephone": card.phone,
        "email": card.email,
        "sameAs": card.website,
        "address": _address(card),
        "geo": _geo(card),
        "openingHoursSpecification": [*_usual(card), *_special(card)],
    }
    return {name: value for name, value in said.items() if value}


def as_script_content(data: dict[str, Any]) -> SafeString:
    """The data as the content of a script element, which no text in it can leave."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(ESCAPES))  # noqa: S308 - escaped in this very line


def _address(card: ClinicCard) -> dict[str, str]:
    said = {
        "@type": "PostalAddress",
        "streetAddress": card.address,
        "postalCode": card.zip_code,
        "addressLocality": card.city,
        "addressCountry": card.country,
    }
    return {name: value for name, value in said.items() if value}


def _geo(card: ClinicCard) -> dict[str, Any] | None:
    """The middle of a town is not where the clinic is."""
    if card.latitude is None or card.longitude is None or card.place_precision == Clinic.PlacePrecision.TOWN:
        return None
    return {"@type": "GeoCoordinates", "latitude": float(card.latitude), "longitude": float(card.longitude)}


def _usual(card: ClinicCard) -> list[dict[str, str]]:
    return [_open(interval.opens, interval.closes) | {"dayOfWeek": DAY_NAMES[interval.day]} for interval in card.week]


def _special(card: ClinicCard) -> list[dict[str, str]]:
    """Opening and closing at one time says that it is closed that day."""
    return [
        (_open(*pair) if pair else {"@type": "OpeningHoursSpecification", "opens": "00:00", "closes": "00:00"})
        | {"validFrom": day.on.isoformat(), "validThrough": day.on.isoformat()}
        for day in card.special_days
        for pair in day.intervals or (None,)
    ]


def _open(opens: time, closes: time) -> dict[str, str]:
    until = "23:59" if opens == closes else hours.format_time(closes)
    return {"@type": "OpeningHoursSpecification", "opens": hours.format_time(opens), "closes": until}
