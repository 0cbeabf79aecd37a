"""Finding clinics on the map by their address: in the background, after publishing, and never in anybody's way."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet

from clinics.geocoding import Address, Geocoder, geocoder
from clinics.models import Clinic, ClinicListing

from .moderation import place_clinic

Source, Precision = Clinic.CoordinateSource, Clinic.PlacePrecision


def waiting_for_a_place(*, again: bool = False) -> QuerySet[Clinic]:
    """Listed clinics without coordinates; ``again``: also those that a geocoder placed no better than in their town."""
    condition = Q(latitude__isnull=True)
    if again:
        condition |= Q(coordinate_source=Source.GEOCODED, place_precision=Precision.TOWN)
    return Clinic.objects.listed().filter(condition).order_by("pk")


def locate_clinic(*, clinic_id: int, again: bool = False, ask: Geocoder | None = None) -> bool:
    """Ask where the clinic's published address is and place it there; tells whether it has been placed.

    The geocoder is asked outside of any transaction. What the clinic or a moderator said meanwhile wins, and so does a newer
    address. Raises GeocoderUnavailable.
    """
    address = _address_of(clinic_id)
    if address is None or not _may_be_placed(clinic_id, address, again=again):
        return False
    spot = (ask or geocoder()).locate(address)
    with transaction.atomic():
        clinic = Clinic.objects.select_for_update(of=("self",)).filter(pk=clinic_id).first()
        if clinic is None or _address_of(clinic_id) != address or not _may_be_placed(clinic_id, address, again=again):
            return False
        Clinic.objects.filter(pk=clinic_id).update(geocoded_address=str(address))
        if spot is None:
            return False
        place_clinic(clinic=clinic, latitude=spot.latitude, longitude=spot.longitude, source=Source.GEOCODED, precision=spot.precision)
    return True


def _address_of(clinic_id: int) -> Address | None:
    row = ClinicListing.objects.filter(pk=clinic_id).values("address", "zip_code", "city", "country").first()
    if row is None:
        return None
    return Address(street=row["address"], zip_code=row["zip_code"], city=row["city"], country=row["country"])


def _may_be_placed(clinic_id: int, address: Address, *, again: bool) -> bool:
    waiting = waiting_for_a_place(again=again).filter(pk=clinic_id)
    return waiting.exists() if again else waiting.exclude(geocoded_address=str(address)).exists()
