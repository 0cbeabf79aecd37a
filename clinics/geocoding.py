"""Where an address is: offline from the gazetteer, which knows towns, or from a Nominatim server, which knows streets."""

from __future__ import annotations

import time
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache

from fammo.outbound import Refused, Unreachable, fetch_json

from .models import Clinic, Town
from .places import distance_km
from .text import fold

if TYPE_CHECKING:
    from .models import ClinicPage

SIX_PLACES = Decimal("0.000001")
Precision = Clinic.PlacePrecision
# Towns of one name: the larger is meant if it is this much larger, or if they are so near that it makes no difference.
SURELY_MEANT = 5
SAME_PLACE_KM = 15
STREET_RANK, BUILDING_RANK = 26, 30
TURN_ATTEMPTS = 120
SECONDS, MAX_BYTES = 10.0, 256 * 1024


class GeocoderUnavailable(Exception):
    """No answer, or none that can be used: worth another try later."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """What is asked for."""

    street: str
    zip_code: str
    city: str
    country: str

    def __str__(self) -> str:
        place = f"{self.zip_code} {self.city}".strip()
        return ", ".join(part for part in (self.street, place, self.country) if part)[:400]


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A point and what it stands for."""

    latitude: Decimal
    longitude: Decimal
    precision: str


class Geocoder(Protocol):
    """Something that knows where addresses are."""

    def locate(self, address: Address) -> Spot | None:
        """The place, or None when there is no such address; raises GeocoderUnavailable."""


def address_of(page: ClinicPage) -> str:
    """The address of a page as a geocoder is asked for it."""
    return str(Address(street=page.address, zip_code=page.zip_code, city=page.city, country=page.country))


def geocoder() -> Geocoder:
    """The one that the operator chose."""
    return NominatimGeocoder(settings.NOMINATIM_URL) if settings.ENVIRONMENT.geocoder == "nominatim" else OfflineGeocoder()


class OfflineGeocoder:
    """Towns by any of their names. Where two could be meant it says nothing: no point is better than a wrong one."""

    def locate(self, address: Address) -> Spot | None:
        for name in _possible_towns(address.city):
            towns = list(Town.objects.called(name, address.country)[:2])
            if towns and all(_is_surely(larger, smaller) for larger, smaller in pairwise(towns)):
                return Spot(latitude=towns[0].latitude, longitude=towns[0].longitude, precision=Precision.TOWN)
        return None


class NominatimGeocoder:
    """A Nominatim server, the public one or the operator's own; one question a second, as its terms of use ask."""

    def __init__(self, url: str) -> None:
        self.url = url

    def locate(self, address: Address) -> Spot | None:
        query = {
            "street": address.street,
            "postalcode": address.zip_code,
            "city": address.city,
            "countrycodes": address.country.lower(),
            "format": "jsonv2",
            "limit": "1",
        }
        asked = urlencode({name: value for name, value in query.items() if value})
        _wait_for_a_turn()
        try:
            found = fetch_json(f"{self.url}/search?{asked}", seconds=SECONDS, max_bytes=MAX_BYTES)
        except (Unreachable, Refused) as exc:
            raise GeocoderUnavailable(str(exc)) from exc
        if not isinstance(found, list):
            raise GeocoderUnavailable("the answer is no list")
        return _spot(found[0]) if found else None


def _wait_for_a_turn() -> None:
    """Between all processes that share the cache. Raises GeocoderUnavailable when too many wait."""
    for _attempt in range(TURN_ATTEMPTS):
        if cache.add("clinics.geocoder.turn", True, timeout=1):
            return
        time.sleep(1 / 4)
    raise GeocoderUnavailable("too many questions at once")


def _spot(row: Any) -> Spot:
    """One row of the answer; raises GeocoderUnavailable for what is no place on earth."""
    try:
        latitude, longitude = (Decimal(str(row[name])).quantize(SIX_PLACES) for name in ("lat", "lon"))
        rank = int(row.get("place_rank", 0))
        is_on_earth = abs(latitude) <= 90 and abs(longitude) <= 180
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as exc:
        raise GeocoderUnavailable("the answer holds no coordinates") from exc
    if not is_on_earth:
        raise GeocoderUnavailable("the answer is no place on earth")
    return Spot(latitude=latitude, longitude=longitude, precision=_precision(rank))


def _precision(rank: int) -> str:
    if rank >= BUILDING_RANK:
        return Precision.EXACT
    return Precision.STREET if rank >= STREET_RANK else Precision.TOWN


def _possible_towns(city: str) -> list[str]:
    """The text as it is written, then its parts: "Kadıköy / İstanbul", "Espoo (Tapiola)"."""
    whole = " ".join(city.split())
    parts = [part.strip() for part in whole.translate(str.maketrans("/(),;", "|||||")).split("|")]
    return [name for name in dict.fromkeys([whole, *reversed(parts)]) if fold(name)]


def _is_surely(larger: Town, smaller: Town) -> bool:
    if larger.population >= SURELY_MEANT * smaller.population:
        return True
    here, there = (float(larger.latitude), float(larger.longitude)), (float(smaller.latitude), float(smaller.longitude))
    return distance_km(*here, *there) <= SAME_PLACE_KM
