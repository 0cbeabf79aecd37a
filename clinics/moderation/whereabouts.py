"""Where a clinic says it is, where its address was found, and where a moderator put it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from clinics import geocoding, places
from clinics.geocoding import Address, OfflineGeocoder, address_of
from clinics.models import Clinic, ClinicPage

Source = Clinic.CoordinateSource
Kind = Literal["stated", "found", "pinned"]


@dataclass(frozen=True)
class Spot:
    """A point on the map and what it is."""

    kind: Kind
    latitude: float
    longitude: float
    label: str


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """``found`` is a geocoder's finding, exact to the street (``is_exact``) or the middle of the town of the address."""

    stated: Spot | None
    found: Spot | None
    pinned: Spot | None
    is_exact: bool

    @property
    def spots(self) -> list[Spot]:
        return [spot for spot in (self.found, self.stated, self.pinned) if spot is not None]

    @property
    def distance_km(self) -> float | None:
        """From the stated point to the found one, on the ellipsoid."""
        if self.stated is None or self.found is None:
            return None
        return places.distance_km(self.stated.latitude, self.stated.longitude, self.found.latitude, self.found.longitude)


def whereabouts(clinic: Clinic, page: ClinicPage) -> Whereabouts:
    """Of the page as it was submitted. Asks our own tables only, so that no slow geocoder keeps a moderator waiting."""
    street = _found_before(clinic, page)
    return Whereabouts(
        stated=_spot("stated", page, _("Stated by the clinic")),
        found=street or _town_of(page),
        pinned=_spot("pinned", clinic, _("Placed by a moderator")) if clinic.coordinate_source == Source.PINNED else None,
        is_exact=street is not None,
    )


def _found_before(clinic: Clinic, page: ClinicPage) -> Spot | None:
    """What a geocoder found for this very address, if it found more than the town."""
    is_known = clinic.coordinate_source == Source.GEOCODED and clinic.geocoded_address == address_of(page)
    if not is_known or clinic.place_precision == Clinic.PlacePrecision.TOWN:
        return None
    return _spot("found", clinic, _("the address as it was found"))


def _town_of(page: ClinicPage) -> Spot | None:
    address = Address(street="", zip_code="", city=page.city, country=page.country)
    return _spot("found", OfflineGeocoder().locate(address), _("the middle of %(town)s") % {"town": page.city})


def _spot(kind: Kind, place: Clinic | ClinicPage | geocoding.Spot | None, label: str) -> Spot | None:
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return Spot(kind, float(place.latitude), float(place.longitude), label)
