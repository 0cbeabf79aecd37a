"""Open clinics as the database finds them: the same as ``opening`` says one by one."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics import hours, selectors
from clinics.models import ClinicListing, ListingShift, ListingSpecialShift
from clinics.models.listing import clock_key
from clinics.open_filter import open_at
from clinics.selectors import DirectoryFilter
from tests.clinics.test_opening import ZONES, random_schedule
from tests.factories import clinics

pytestmark = pytest.mark.django_db
NIGHTS = ("2026-03-29T00:00", "2026-10-25T00:00", "2026-04-04T14:00", "2026-12-24T22:00", "2026-01-01T00:00")


def listed(number: int) -> list[ClinicListing]:
    """Copies of one listing in as many places."""
    model = ClinicListing.objects.get(pk=clinics.approved().pk)
    model.delete()
    made = []
    for zone in islice(cycle(ZONES), number):
        clinic = clinics.unconfirmed()
        model.pk, model.clock, model.country = clinic.pk, clock_key("FI", zone), "FI"
        model.save(force_insert=True)
        made.append(ClinicListing.objects.get(pk=model.pk))
    return made


def test_the_database_finds_what_is_open_at_any_moment() -> None:
    randomness = random.Random(11)
    schedules = {}
    for listing in listed(24):
        schedule = random_schedule(listing.clock.split(" ")[1], randomness)
        schedules[listing.pk] = schedule
        ClinicListing.objects.filter(pk=listing.pk).update(closed_on_holidays=schedule.closed_on_holidays)
        for row in schedule.week:
            ListingShift.objects.create(listing=listing, weekday=row.day, starts=row.shift[0], ends=row.shift[1])
        for on, shifts in schedule.special.items():
            for starts, ends in shifts or (hours.CLOSED,):
                ListingSpecialShift.objects.create(listing=listing, on=on, starts=starts, ends=ends)
    moments = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=randomness.randrange(1_000_000)) for _ in range(60)]
    moments += [datetime.fromisoformat(night).replace(tzinfo=UTC) + timedelta(minutes=10 * step) for night in NIGHTS for step in range(20)]

    for moment in moments:
        with CaptureQueriesContext(connection) as queries:
            found = set(ClinicListing.objects.filter(open_at(moment)).values_list("pk", flat=True))
        assert found == {pk for pk, schedule in schedules.items() if schedule.is_open_at(moment)}, moment
        assert len(queries) == 2


def test_publishing_writes_what_is_filtered_by() -> None:
    monday = datetime(2026, 11, 23, 8, tzinfo=UTC)
    clinic = clinics.approved(special_days=hours.special_from_json([["2026-11-24", []], ["2026-11-28", [["10:00", "11:00"]]]]))

    def is_found(moment: datetime) -> bool:
        return selectors.listings(DirectoryFilter(open_at=moment)).filter(pk=clinic.pk).exists()

    assert is_found(monday)
    assert not is_found(monday - timedelta(hours=1, minutes=1))
    assert not is_found(monday + timedelta(days=1))
    assert is_found(monday + timedelta(days=5, minutes=30))
    assert not is_found(monday + timedelta(days=6))


def test_unknown_hours_are_not_open_and_unknown_places_follow_their_country() -> None:
    silent = clinics.approved(week=())
    placeless = clinics.approved(latitude=None, longitude=None, country="TR", city="Ankara")
    monday = datetime(2026, 11, 23, 10, tzinfo=UTC)

    found = selectors.listings(DirectoryFilter(open_at=monday)).values_list("pk", flat=True)

    assert silent.pk not in found
    assert placeless.pk in found
    assert ClinicListing.objects.get(pk=placeless.pk).clock == "TR Europe/Istanbul"
