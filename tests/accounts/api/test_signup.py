from __future__ import annotations

from typing import Any
from unittest.mock import ANY

import pytest
from rest_framework.test import APIClient

from fammo.accounts.models import User
from fammo.mail.models import OutgoingMail
from tests.factories import accounts

pytestmark = pytest.mark.django_db

URL = "/api/v1/auth/signup/"
SECRET = "a quiet garden 7"
BODY = {"email": "new@fammo.example", "password": SECRET, "password_confirm": SECRET}


def test_signing_up_answers_as_documented(api: APIClient) -> None:
    response = api.post(URL, BODY, HTTP_ACCEPT_LANGUAGE="nl")

    assert response.status_code == 201
    assert response.json() == {
        "success": True,
        "message": ANY,
        "user": {"id": User.objects.get().pk, "email": "new@fammo.example"},
    }
    assert User.objects.get().profile.preferred_language == "nl"
    assert OutgoingMail.objects.get().kind == "accounts.activate"


def test_the_language_may_be_sent_along(api: APIClient) -> None:
    api.post(URL, BODY | {"language": "tr"}, HTTP_ACCEPT_LANGUAGE="nl")

    assert User.objects.get().profile.preferred_language == "tr"


def test_the_account_is_not_in_use_before_it_is_activated(api: APIClient) -> None:
    api.post(URL, BODY)

    assert api.post("/api/v1/auth/token/", {"email": BODY["email"], "password": SECRET}).status_code == 401


def _shape(response: Any) -> tuple[Any, ...]:
    body = response.json()
    uncounted = {name: value for name, value in response.headers.items() if name not in {"X-Request-ID", "Content-Length"}}
    return response.status_code, body["message"], type(body["user"]["id"]), list(body), list(body["user"]), uncounted


def test_a_known_and_an_unknown_address_get_the_same_answer(api: APIClient, anna: User) -> None:
    accounts.unconfirmed("waiting@fammo.example")
    accounts.deactivated("gone@fammo.example")

    answers = [
        api.post(URL, BODY | {"email": email})
        for email in ("new@fammo.example", "anna@fammo.example", "waiting@fammo.example", "gone@fammo.example", "new@fammo.example")
    ]

    assert all(_shape(answer) == _shape(answers[0]) for answer in answers)
    assert len({answer.json()["user"]["id"] for answer in answers}) == 5
    assert not User.objects.filter(pk__in=[answer.json()["user"]["id"] for answer in answers[1:]]).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "not an address"}, "email"),
        ({"email": ""}, "email"),
        ({"password": "short", "password_confirm": "short"}, "password"),
        ({"password": "password123", "password_confirm": "password123"}, "password"),
        ({"password": "new@fammo.example", "password_confirm": "new@fammo.example"}, "password"),
        ({"password_confirm": "another garden 8"}, "password_confirm"),
        ({"password_confirm": None}, "password_confirm"),
        ({"language": "xx"}, "language"),
        ({"password": "x" * 300}, "password"),
    ],
)
def test_bad_input_is_refused_by_field(api: APIClient, change: dict[str, Any], field: str) -> None:
    response = api.post(URL, BODY | change)

    assert response.status_code == 400
    assert list(response.json()["details"]) == [field]
    assert not User.objects.exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("email", ["anna@fammo.example", "stranger@fammo.example"])
def test_a_weak_password_is_refused_whether_or_not_the_address_is_known(api: APIClient, anna: User, email: str) -> None:
    response = api.post(URL, {"email": email, "password": "password123", "password_confirm": "password123"})

    assert response.status_code == 400
    assert response.json()["details"] == {"password": ["This password is too common."]}


@pytest.mark.parametrize("address", ["a@xn--\u202e.example", f"a@{'ä' * 60}.example"])
def test_an_address_that_no_mail_can_reach_is_refused(api: APIClient, address: str) -> None:
    answer = api.post(URL, BODY | {"email": address})

    assert (answer.status_code, answer.json()["details"]) == (400, {"email": ["Enter a valid email address."]})
    assert not User.objects.exists()


def test_an_address_in_letters_of_its_own_is_taken(api: APIClient) -> None:
    assert api.post(URL, BODY | {"email": "a@lääkäri.example"}).status_code == 201
