"""Points on the earth: time zone, country, distance on the ellipsoid, and the box around a circle. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from geographiclib.geodesic import Geodesic
from phonenumbers import SUPPORTED_REGIONS
from tzfpy import get_tz

# Fewer kilometres than a degree spans anywhere on WGS-84 (110.57 at the equator). Too short a
# degree makes too large a box, and the box only has to be large enough: the exact distance decides.
KM_PER_DEGREE = 110.5
HALF_CIRCUMFERENCE_KM = 20_040.0


@dataclass(frozen=True)
class Box:
    """A range of latitudes and one or two ranges of longitudes (two where it crosses the antimeridian)."""

    south: float
    north: float
    longitudes: tuple[tuple[float, float], ...]


def box_around(latitude: float, longitude: float, radius_km: float) -> Box:
    """A box that holds every point within the radius, right at the poles and across the antimeridian."""
    reach = radius_km / KM_PER_DEGREE
    south, north = latitude - reach, latitude + reach
    if south <= -90 or north >= 90:
        return Box(max(south, -90.0), min(north, 90.0), ((-180.0, 180.0),))
    # The circle's widest meridian lies polewards of its centre, hence asin instead of dividing by the cosine alone.
    spread = math.sin(math.radians(min(reach, 90.0))) / math.cos(math.radians(latitude))
    if spread >= 1:
        return Box(south, north, ((-180.0, 180.0),))
    width = math.degrees(math.asin(spread)) * 1.01
    west, east = longitude - width, longitude + width
    if east - west >= 360:
        return Box(south, north, ((-180.0, 180.0),))
    if west < -180:
        return Box(south, north, ((west + 360, 180.0), (-180.0, east)))
    if east > 180:
        return Box(south, north, ((west, 180.0), (-180.0, east - 360)))
    return Box(south, north, ((west, east),))


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Kilometres along the WGS-84 ellipsoid."""
    measured = Geodesic.WGS84.Inverse(latitude, longitude, other_latitude, other_longitude, Geodesic.DISTANCE)
    return float(measured["s12"]) / 1000


def time_zone_at(latitude: Decimal | float, longitude: Decimal | float) -> str:
    """The IANA zone of a point."""
    return get_tz(float(longitude), float(latitude))


def time_zone_for(latitude: Decimal | None, longitude: Decimal | None, country: str) -> str:
    """The zone of the point, else the country's only one, else empty."""
    if latitude is not None and longitude is not None:
        return time_zone_at(latitude, longitude)
    return time_zone_of(country)


def time_zone_of(country: str) -> str:
    """The only zone of a country; empty for countries that have several."""
    zones = [zone for zone, code in _countries_by_zone().items() if code == country]
    return zones[0] if len(zones) == 1 else ""


def zone_info(name: str) -> ZoneInfo:
    """The zone itself; UTC while none is known."""
    return ZoneInfo(name or "UTC")


def country_at(latitude: Decimal | float, longitude: Decimal | float) -> str:
    """The country of a point as far as its time zone tells; empty at sea."""
    return _countries_by_zone().get(time_zone_at(latitude, longitude), "")


def validate_country(code: str) -> None:
    if code not in SUPPORTED_REGIONS:
        raise ValidationError(_("This is not the two-letter code of a country."), code="invalid_country")


@cache
def _countries_by_zone() -> dict[str, str]:
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows}
