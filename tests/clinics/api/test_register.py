"""POST /clinics/register/"""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY

import pytest
from rest_framework.test import APIClient

from clinics.models import Clinic
from fammo.accounts.models import User
from tests.factories import accounts, clinics

pytestmark = pytest.mark.django_db
URL = "/api/v1/clinics/register/"
DOCUMENTED: dict[str, Any] = {
    "email": "clinic@example.com",
    "password": "SecurePass123!",
    "password_confirm": "SecurePass123!",
    "clinic_name": "Happy Paws Veterinary Clinic",
    "address": "123 Main Street",
    "city": "Helsinki",
    "phone": "+358 9 1234567",
    "email_clinic": "info@happypaws.fi",
    "website": "https://happypaws.fi",
    "specializations": "Dogs, Cats, Emergency Care",
    "bio": "Full-service veterinary clinic...",
    "vet_name": "Dr. Jane Smith",
    "degrees": "DVM, University of Helsinki",
    "latitude": 60.1699,
    "longitude": 24.9384,
    "clinic_eoi": True,
}


def test_the_documented_request_gets_the_documented_answer(api: APIClient) -> None:
    response = api.post(URL, DOCUMENTED)

    assert response.status_code == 201
    assert response.json() == {
        "success": True,
        "message": "Clinic registered successfully. Please check your email to confirm.",
        "id": ANY,
        "clinic_id": ANY,
        "user_id": ANY,
        "user_email": "clinic@example.com",
    }
    clinic = Clinic.objects.get(pk=response.json()["clinic_id"])
    assert clinic.owner_id == response.json()["user_id"]
    assert clinic.clinic_eoi
    assert (clinic.page.title, clinic.page.email, clinic.page.country) == ("Happy Paws Veterinary Clinic", "info@happypaws.fi", "FI")
    assert clinic.page.specializations == ["dogs", "cats", "emergency"]


def test_a_known_address_is_answered_alike(api: APIClient) -> None:
    accounts.person("clinic@example.com")

    response = api.post(URL, DOCUMENTED)

    assert response.status_code == 201
    assert set(response.json()) == {"success", "message", "id", "clinic_id", "user_id", "user_email"}
    assert 0 < response.json()["clinic_id"] < 2**53
    assert Clinic.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password_confirm": "Another123!"}, "password_confirm"),
        ({"password": "short", "password_confirm": "short"}, "password"),
        ({"email": "no address"}, "email"),
        ({"clinic_name": ""}, "clinic_name"),
        ({"city": ""}, "city"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"phone": "call us"}, "phone"),
        ({"latitude": "north"}, "latitude"),
        ({"latitude": 90.5}, "latitude"),
        ({"latitude": "nan"}, "latitude"),
        ({"longitude": None}, "longitude"),
        ({"country": "XX"}, "country"),
        ({"specializations": ["dragons"]}, "specializations"),
    ],
)
def test_what_cannot_be_right_names_its_field_and_leaves_nothing(api: APIClient, changes: dict[str, Any], field: str) -> None:
    response = api.post(URL, DOCUMENTED | changes)

    assert response.status_code == 400
    assert field in response.json()["details"]
    assert (User.objects.count(), Clinic.objects.count()) == (0, 0)


def test_a_website_without_its_scheme_is_understood(api: APIClient) -> None:
    api.post(URL, DOCUMENTED | {"website": "www.happypaws.fi"})

    assert Clinic.objects.get().page.website == "https://www.happypaws.fi"


@pytest.mark.parametrize("character", ["\n", "\u202e"])
@pytest.mark.parametrize("field", ["clinic_name", "city"])
def test_a_name_is_one_line_that_reads_as_it_is_written(api: APIClient, field: str, character: str) -> None:
    answer = api.post(URL, DOCUMENTED | {field: f"Happy{character}Paws", "bio": "Two\nlines."})

    assert (answer.status_code, set(answer.json()["details"])) == (400, {field})
    assert not Clinic.objects.exists()


@pytest.mark.parametrize("field", ["email", "email_clinic"])
def test_an_address_that_no_mail_can_reach_is_refused(api: APIClient, field: str) -> None:
    answer = api.post(URL, DOCUMENTED | {field: "a@xn--\u202e.example"})

    assert (answer.status_code, set(answer.json()["details"])) == (400, {field})
    assert not User.objects.exists()


def test_an_owner_cannot_write_what_a_registration_may_not(as_vet: APIClient, vet: User) -> None:
    clinic = clinics.approved(vet)

    answer = as_vet.patch(f"/api/v1/clinics/{clinic.pk}/", {"name": "Happy\u202ePaws", "city": "Hel\nsinki"}, format="json")

    assert (answer.status_code, set(answer.json()["details"])) == (400, {"name", "city"})
