"""GET and POST /clinics/"""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from clinics import services
from clinics.models import Clinic
from fammo.accounts.models import User
from tests.factories import accounts, clinics

pytestmark = pytest.mark.django_db
URL = "/api/v1/clinics/"


def day(number: int, name: str, opens: str | None = "09:00", closes: str | None = "18:00") -> dict[str, Any]:
    return {
        "day_of_week": number,
        "day_name": name,
        "day": name,
        "is_closed": opens is None,
        "open_time": opens,
        "close_time": closes,
        "open": opens,
        "close": closes,
        "intervals": [] if opens is None else [{"open": opens, "close": closes}],
    }


def names(response: Any) -> list[str]:
    return [row["name"] for row in response.json()]


def test_an_approved_clinic_is_listed_whole(api: APIClient, vet: User) -> None:
    clinic = clinics.approved(vet, name="Happy Paws", address="1 Main Street")
    lines = [f"{name}: 09:00 - 18:00" for name in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")]
    lines += ["Saturday: Closed", "Sunday: Closed"]

    response = api.get(URL)

    assert response.json() == [
        {
            "id": clinic.pk,
            "name": "Happy Paws",
            "slug": "happy-paws",
            "address": "1 Main Street",
            "zip_code": "00100",
            "city": "Helsinki",
            "country": "FI",
            "latitude": "60.169900",
            "longitude": "24.938400",
            "place_precision": "exact",
            "time_zone": "Europe/Helsinki",
            "phone": "+358 9 1234567",
            "email": "info@happypaws.fi",
            "website": "https://happypaws.fi",
            "instagram": "",
            "specializations": "Dogs, Cats, Emergency Care",
            "specialization_codes": ["dogs", "cats", "emergency"],
            "bio": "Full-service veterinary clinic.",
            "logo": None,
            "is_verified": False,
            "email_confirmed": True,
            "admin_approved": True,
            "is_active_clinic": True,
            "clinic_eoi": False,
            "hours_note": "",
            "working_hours": "; ".join(lines),
            "working_hours_schedule": [
                *(day(number, name) for number, name in enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"))),
                day(5, "Saturday", None, None),
                day(6, "Sunday", None, None),
            ],
            "working_hours_formatted": lines,
            "formatted_working_hours": lines,
            "special_hours": [],
            "closed_on_holidays": False,
            "vet_profile": {
                "clinic": clinic.pk,
                "vet_name": "Dr. Jane Smith",
                "degrees": "DVM, University of Helsinki",
                "certifications": "",
                "bio": "Full-service veterinary clinic.",
            },
        }
    ]
    assert response.headers["X-Total-Count"] == "1"


def test_unknown_hours_are_null_and_empty(api: APIClient) -> None:
    clinics.approved(week=())

    row = api.get(URL).json()[0]

    assert (row["working_hours"], row["working_hours_schedule"], row["working_hours_formatted"]) == (None, [], [])


def test_facts_are_the_sources_and_words_the_callers(api: APIClient, vet: User) -> None:
    clinic = clinics.approved(vet)
    services.translate_clinic(clinic=clinic, language="fi", words={"bio": "Klinikka"}, actor=vet)
    clinics.approve(clinic, language="fi")
    services.update_clinic(clinic=clinic, changes={"phone": "+358 9 7654321"}, actor=vet)
    clinics.approve(clinic)

    finnish = api.get(URL, HTTP_ACCEPT_LANGUAGE="fi").json()[0]
    turkish = api.get(URL, HTTP_ACCEPT_LANGUAGE="tr").json()[0]

    assert (finnish["bio"], finnish["phone"]) == ("Klinikka", "+358 9 7654321")
    assert finnish["vet_profile"]["degrees"] == "DVM, University of Helsinki"
    assert turkish["bio"] == "Full-service veterinary clinic."


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"city": "espoo"}, ["B"]),
        ({"filter[city]": "ESPOO"}, ["B"]),
        ({"search": "tassu"}, ["B"]),
        ({"search": "tassu helsinki"}, []),
        ({"specialization": "horses"}, ["B"]),
        ({"specialization": "Horses"}, ["B"]),
        ({"is_verified": "true"}, ["A"]),
        ({"is_verified": "false"}, ["B"]),
        ({"verified": "true"}, ["A"]),
        ({"verified": "false"}, ["B"]),
        ({"filter[verified]": "true"}, ["A"]),
        ({"verified": "true", "is_verified": "false"}, ["B"]),
        ({"verified_email": "true"}, ["A", "B"]),
        ({"verified_email": "false"}, []),
        ({"eoi": "true"}, ["B"]),
        ({"city": ""}, ["A", "B"]),
    ],
)
def test_filters(api: APIClient, moderator: User, query: dict[str, str], expected: list[str]) -> None:
    first = clinics.approved(name="A")
    services.verify_clinic(clinic=first, actor=moderator, is_verified=True)
    clinics.approved(name="B", address="Tässu-katu 1", city="Espoo", specializations=["horses"], clinic_eoi=True)

    assert names(api.get(URL, query)) == expected


@pytest.mark.parametrize("query", [{"colour": "red"}, {"is_verified": "perhaps"}, {"verified": "perhaps"}])
def test_unknown_filters_and_values_are_refused(api: APIClient, query: dict[str, str]) -> None:
    assert api.get(URL, query).status_code == 400


def test_show_all_widens_for_staff_and_for_owners_to_their_own(
    api: APIClient, vet: User, as_vet: APIClient, as_outsider: APIClient, as_moderator: APIClient
) -> None:
    clinics.approved(name="A listed")
    clinics.pending(vet, name="B mine, waiting")
    clinics.unconfirmed(name="C another's")
    query = {"show_all": "true"}

    assert names(api.get(URL, query)) == ["A listed"]
    assert names(as_outsider.get(URL, query)) == ["A listed"]
    assert names(as_vet.get(URL, query, HTTP_ACCEPT_LANGUAGE="en")) == ["A listed", "B mine, waiting"]
    assert names(as_moderator.get(URL, query, HTTP_ACCEPT_LANGUAGE="en")) == ["A listed", "B mine, waiting", "C another's"]
    assert names(api.get(URL, query, HTTP_ACCEPT_LANGUAGE="en")) == ["A listed"]


def test_pages_have_the_envelope(api: APIClient) -> None:
    for name in "ABC":
        clinics.approved(name=name)

    body = api.get(URL, {"page": 2, "page_size": 2}).json()

    assert body == {"count": 3, "next": None, "previous": ANY, "results": [ANY]}
    assert body["results"][0]["name"] == "C"


def test_sixty_clinics_take_as_many_queries_as_one(as_vet: APIClient, vet: User) -> None:
    moderator = clinics.moderator()
    queries = ({}, {"show_all": "true"}, {"page": "1"})

    def counted() -> list[int]:
        counts = []
        for query in queries:
            with CaptureQueriesContext(connection) as captured:
                assert as_vet.get(URL, query, HTTP_ACCEPT_LANGUAGE="nl").status_code == 200
            counts.append(len(captured))
        return counts

    clinics.approved(by=moderator)
    clinics.pending(vet)
    counted()  # content types and the like are cached by the process
    clinics.approved(by=moderator)
    few = counted()
    for _ in range(57):
        clinics.approved(by=moderator)
    for _ in range(5):
        clinics.pending(vet)

    assert counted() == few


def test_posting_registers_a_further_clinic_of_the_caller(as_vet: APIClient, vet: User) -> None:
    response = as_vet.post(URL, {"name": "Second", "city": "Turku", "clinic_eoi": True})

    assert response.status_code == 201
    clinic = Clinic.objects.get()
    assert (clinic.owner, clinic.state, clinic.clinic_eoi) == (vet, "unconfirmed", True)
    assert response.json()["id"] == clinic.pk
    assert response.json()["moderation"]["state"] == "unconfirmed"


def test_posting_needs_a_login(api: APIClient) -> None:
    assert api.post(URL, {"name": "Second", "city": "Turku"}).status_code == 401
    assert Clinic.objects.count() == 0


def test_a_change_is_in_the_next_answer(api: APIClient, vet: User) -> None:
    clinic = clinics.approved(vet)
    assert len(api.get(URL).json()) == 1

    services.suspend_clinic(clinic=clinic, seen=clinic.listing.content_sha256, actor=clinics.moderator(), **clinics.REASON)

    assert api.get(URL).json() == []
    assert accounts.client_of(vet).get(URL).json() == []
