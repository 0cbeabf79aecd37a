from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import ANY

import pytest
from rest_framework.test import APIClient

from fammo.accounts import selectors
from fammo.accounts.models import User

pytestmark = pytest.mark.django_db

URL = "/api/v1/me/"


def test_the_profile_answers_as_the_contract_says(anna: User, as_anna: APIClient) -> None:
    response = as_anna.get(URL)

    assert response.status_code == 200
    assert response.json() == {
        "user": {"id": anna.pk, "email": "anna@fammo.example", "is_active": True, "is_staff": False, "date_joined": ANY},
        "first_name": "",
        "last_name": "",
        "phone": "",
        "address": "",
        "city": "",
        "zip_code": "",
        "country": "",
        "latitude": None,
        "longitude": None,
        "location_consent": False,
        "location_consent_at": None,
        "preferred_language": "en",
        "time_zone": "UTC",
        "subscription_plan": ANY,
        "subscription_plan_detail": {
            "id": ANY,
            "code": "essentials",
            "name": "Essentials",
            "name_en": "Essentials",
            "name_fi": "Perus",
            "name_nl": "Basis",
            "name_tr": "Temel",
            "description": ANY,
            "monthly_price": "0.00",
            "monthly_meal_plans": 3,
            "monthly_health_reports": 1,
            "free_pets": 1,
        },
        "is_writer": False,
        "is_clinic_owner": False,
        "owned_clinics": [],
    }


def test_the_clinics_of_an_owner_are_named(as_anna: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "_owned_clinics", [lambda user: [selectors.OwnedClinic(id=7, name="Happy Paws")]])

    body = as_anna.get(URL).json()

    assert (body["is_clinic_owner"], body["owned_clinics"]) == (True, [{"id": 7, "name": "Happy Paws"}])


def test_the_plan_is_named_in_the_negotiated_language(as_anna: APIClient) -> None:
    response = as_anna.get(URL, HTTP_ACCEPT_LANGUAGE="fi")

    assert response["Content-Language"] == "fi"
    assert response.json()["subscription_plan_detail"]["name"] == "Perus"


def test_a_change_is_answered_and_kept(anna: User, as_anna: APIClient) -> None:
    change = {
        "first_name": "Anna",
        "last_name": "Virtanen",
        "phone": "+358 40 1234567",
        "city": "Helsinki",
        "location_consent": True,
        "latitude": 60.1699,
        "longitude": "24.9384",
        "preferred_language": "fi",
        "time_zone": "Europe/Helsinki",
    }

    response = as_anna.patch(URL, change)

    assert response.status_code == 200
    kept = as_anna.get(URL, HTTP_ACCEPT_LANGUAGE="en").json()
    assert kept == response.json()
    assert kept | change | {"phone": "+358401234567", "longitude": 24.9384} == kept
    assert kept["location_consent_at"] is not None


def test_coordinates_without_consent_are_not_kept(as_anna: APIClient) -> None:
    body = as_anna.patch(URL, {"latitude": 60.1, "longitude": 24.9}).json()

    assert (body["latitude"], body["longitude"]) == (None, None)


def test_what_people_may_not_change_is_left_alone(anna: User, as_anna: APIClient) -> None:
    before = as_anna.get(URL).json()

    response = as_anna.patch(
        URL,
        {
            "subscription_plan": 3,
            "is_writer": True,
            "is_staff": True,
            "email": "x@y.fi",
            "user": {"email": "x@y.fi"},
            "location_consent_at": None,
        },
    )

    assert response.status_code == 200
    assert as_anna.get(URL).json() == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone": "call me"}, "phone"),
        ({"latitude": 91, "longitude": 0, "location_consent": True}, "latitude"),
        ({"latitude": "NaN", "longitude": 0, "location_consent": True}, "latitude"),
        ({"latitude": 60.1, "location_consent": True}, "non_field_errors"),
        ({"preferred_language": "xx"}, "preferred_language"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"first_name": "x" * 151}, "first_name"),
        ({"city": None}, "city"),
        ({"location_consent": "perhaps"}, "location_consent"),
    ],
)
def test_bad_input_is_refused_by_field(as_anna: APIClient, change: dict[str, Any], field: str) -> None:
    before = as_anna.get(URL).json()

    response = as_anna.patch(URL, change)

    assert response.status_code == 400
    assert list(response.json()["details"]) == [field]
    assert as_anna.get(URL).json() == before


@pytest.mark.parametrize("method", ["get", "patch"])
def test_a_stranger_is_refused(api: APIClient, method: str) -> None:
    response = getattr(api, method)(URL)

    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_reading_costs_two_queries(
    as_anna: APIClient, django_assert_num_queries: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "_owned_clinics", [])  # these cost the one who knows them

    with django_assert_num_queries(2):
        as_anna.get(URL)


@pytest.mark.parametrize("field", ["first_name", "last_name", "city"])
def test_a_name_is_one_line_that_reads_as_it_is_written(as_anna: APIClient, field: str) -> None:
    answer = as_anna.patch("/api/v1/me/", {field: "An\u202ena"}, format="json")

    assert (answer.status_code, set(answer.json()["details"])) == (400, {field})
