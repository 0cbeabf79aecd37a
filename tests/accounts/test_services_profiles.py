from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from fammo.accounts import services
from fammo.accounts.models import User
from fammo.common.errors import InvalidInput

pytestmark = pytest.mark.django_db

HELSINKI = {"latitude": 60.1699, "longitude": 24.9384}


def test_coordinates_are_kept_with_consent(anna: User) -> None:
    profile = services.update_profile(user=anna, changes={"location_consent": True, **HELSINKI})

    assert (profile.latitude, profile.longitude) == (60.1699, 24.9384)
    assert profile.location_consent_at is not None


def test_coordinates_without_consent_are_not_kept(anna: User) -> None:
    profile = services.update_profile(user=anna, changes={"city": "Helsinki", **HELSINKI})

    assert (profile.city, profile.latitude, profile.longitude) == ("Helsinki", None, None)


def test_withdrawing_consent_removes_coordinates_and_its_time(anna: User) -> None:
    services.update_profile(user=anna, changes={"location_consent": True, **HELSINKI})

    profile = services.update_profile(user=anna, changes={"location_consent": False})

    assert (profile.latitude, profile.longitude, profile.location_consent_at) == (None, None, None)


def test_half_a_place_is_refused(anna: User) -> None:
    with pytest.raises(ValidationError):
        services.update_profile(user=anna, changes={"location_consent": True, "latitude": 60.1})


def test_the_time_of_consent_stays_that_of_the_first(anna: User) -> None:
    first = services.update_profile(user=anna, changes={"location_consent": True}).location_consent_at

    assert services.update_profile(user=anna, changes={"location_consent": True}).location_consent_at == first


@pytest.mark.parametrize(("typed", "kept"), [("040 1234567", "+358401234567"), ("+31 20 624 1111", "+31206241111"), ("", ""), ("  ", "")])
def test_phone_numbers_are_kept_in_one_form(anna: User, typed: str, kept: str) -> None:
    assert services.update_profile(user=anna, changes={"phone": typed}).phone == kept


@pytest.mark.parametrize("typed", ["call me", "123", "+999999"])
def test_what_no_phone_can_dial_is_refused(anna: User, typed: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        services.update_profile(user=anna, changes={"phone": typed})

    assert list(refusal.value.fields) == ["phone"]


def test_plan_and_roles_cannot_be_changed_by_the_person(anna: User) -> None:
    profile = services.update_profile(
        user=anna, changes={"is_writer": True, "subscription_plan": None, "is_staff": True, "email": "x@y.fi"}
    )

    profile.refresh_from_db()
    assert (profile.is_writer, profile.subscription_plan.code, profile.user.is_staff, profile.user.email) == (
        *(False, "essentials", False),
        "anna@fammo.example",
    )


def test_a_time_zone_must_exist(anna: User) -> None:
    assert services.update_profile(user=anna, changes={"time_zone": "Europe/Helsinki"}).time_zone == "Europe/Helsinki"
    with pytest.raises(ValidationError):
        services.update_profile(user=anna, changes={"time_zone": "Mars/Olympus"})
