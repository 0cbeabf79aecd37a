"""Urgent advice names the nearest clinics that are open."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.utils import timezone

from ai.places import nearest_open
from clinics import hours
from fammo.accounts.models import User
from tests.factories import clinics

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")]
ALWAYS = hours.make_week(hours.Interval(day, hours.parse_time("00:00"), hours.parse_time("00:00")) for day in range(7))
SUNDAY, MONDAY = "2026-11-22T10:00:00Z", "2026-11-23T10:00:00Z"


@pytest.fixture
def _two_clinics(db: None) -> None:
    clinics.approved(name="Near, weekdays", latitude="60.170000", longitude="24.940000")
    clinics.approved(name="Far, always", latitude="60.300000", longitude="24.940000", week=ALWAYS)


def at_home(user: User) -> User:
    profile = user.profile
    profile.location_consent, profile.location_consent_at = True, timezone.now()
    profile.latitude, profile.longitude = 60.1699, 24.9384
    profile.save()
    return user


@pytest.mark.usefixtures("_two_clinics")
def test_open_ones_come_by_distance_and_closed_ones_not_at_all(anna: User) -> None:
    at_home(anna)

    with time_machine.travel(SUNDAY):
        on_sunday = nearest_open(anna, "en")
    with time_machine.travel(MONDAY):
        on_monday = nearest_open(anna, "en")

    assert [clinic["name"] for clinic in on_sunday] == ["Far, always"]
    assert [clinic["name"] for clinic in on_monday] == ["Near, weekdays", "Far, always"]
    assert on_monday[0] == {
        "id": on_monday[0]["id"],
        "name": "Near, weekdays",
        "phone": "+358 9 1234567",
        "address": on_monday[0]["address"],
        "city": "Helsinki",
        "distance_km": 0.1,
        "is_open": True,
    }


def test_where_none_is_open_the_nearest_are_said_to_be_closed(anna: User) -> None:
    clinics.approved(name="Weekdays")
    at_home(anna)

    with time_machine.travel(SUNDAY):
        found = nearest_open(anna, "en")

    assert [(clinic["name"], clinic["is_open"]) for clinic in found] == [("Weekdays", False)]


def test_without_a_place_the_city_counts_and_without_that_nothing(anna: User) -> None:
    clinics.approved(name="Weekdays")

    assert nearest_open(anna, "en") == []
    anna.profile.city = "helsinki"
    anna.profile.save()

    assert [(clinic["name"], clinic["distance_km"]) for clinic in nearest_open(anna, "en")] == [("Weekdays", None)]


def test_a_dated_exception_and_a_holiday_close_what_the_week_says_is_open(anna: User) -> None:
    closed_today = hours.make_special_days([(date(2026, 11, 23), None, None)])
    clinics.approved(name="Closed for once", week=ALWAYS, special_days=closed_today)
    clinics.approved(name="Off on holidays", week=ALWAYS, closed_on_holidays=True)
    at_home(anna)

    with time_machine.travel(MONDAY):
        on_an_odd_monday = nearest_open(anna, "en")
    with time_machine.travel("2026-12-25T10:00:00Z"):
        at_christmas = nearest_open(anna, "en")

    assert [clinic["name"] for clinic in on_an_odd_monday] == ["Off on holidays"]
    assert [clinic["name"] for clinic in at_christmas] == ["Closed for once"]
