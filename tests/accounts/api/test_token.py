from __future__ import annotations

import time
from collections.abc import Callable
from unittest.mock import ANY

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from fammo.accounts.models import Session, User
from tests.factories import accounts

pytestmark = pytest.mark.django_db

URL = "/api/v1/auth/token/"


def test_the_right_password_gets_a_pair(api: APIClient, anna: User) -> None:
    response = api.post(
        URL, {"email": "Anna@Fammo.example", "password": accounts.PASSWORD}, HTTP_USER_AGENT="Fammo/1.0 (Android) " + "x" * 300
    )

    assert response.status_code == 200
    assert response.json() == {"access": ANY, "refresh": ANY}
    assert response["Cache-Control"] == "no-store"
    session = Session.objects.get()
    assert (session.user, session.wants_rotation) == (anna, False)
    assert session.device.startswith("Fammo/1.0 (Android)")
    assert len(session.device) == 200
    anna.refresh_from_db()
    assert anna.last_login is not None
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {response.json()['access']}")
    assert api.get("/api/v1/me/").json()["user"]["email"] == anna.email


def test_a_login_may_ask_for_rotation(api: APIClient, anna: User) -> None:
    api.post(URL, {"email": anna.email, "password": accounts.PASSWORD, "rotation": True})

    assert Session.objects.get().wants_rotation


def test_nobody_learns_why_a_login_failed(api: APIClient, anna: User) -> None:
    accounts.unconfirmed("waiting@fammo.example")
    accounts.deactivated("gone@fammo.example")

    answers = [
        api.post(URL, {"email": email, "password": password})
        for email, password in (
            ("anna@fammo.example", "wrong"),
            ("nobody@fammo.example", accounts.PASSWORD),
            ("waiting@fammo.example", accounts.PASSWORD),
            ("gone@fammo.example", accounts.PASSWORD),
        )
    ]

    bodies = [answer.json() | {"request_id": None} for answer in answers]
    assert bodies == [bodies[0]] * 4
    assert {answer.status_code for answer in answers} == {401}
    assert bodies[0]["code"] == "invalid_credentials"
    assert answers[0]["WWW-Authenticate"].startswith("Bearer")
    assert not Session.objects.exists()


def test_an_unknown_address_costs_as_much_hashing_as_a_known_one(api: APIClient, anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, password, salt: hashed.append(password) or encode(self, password, salt))
    accounts.unconfirmed("waiting@fammo.example")
    costs = []
    for email in ("anna@fammo.example", "nobody@fammo.example", "waiting@fammo.example"):
        hashed.clear()
        api.post(URL, {"email": email, "password": "wrong"})
        costs.append(len(hashed))

    assert costs == [1, 1, 1]


@pytest.mark.parametrize("body", [{}, {"email": "anna@fammo.example"}, {"password": "x"}, {"email": "anna@fammo.example", "password": ""}])
def test_an_incomplete_login_is_refused(api: APIClient, anna: User, body: dict[str, str]) -> None:
    assert api.post(URL, body).status_code == 400


def test_too_many_guesses_wait_and_say_how_long(api: APIClient, anna: User, limits: Callable[..., None]) -> None:
    limits(login_attempts="2/15minutes")

    statuses = [api.post(URL, {"email": anna.email, "password": "wrong"}, REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(4)]
    response = api.post(URL, {"email": anna.email, "password": accounts.PASSWORD}, HTTP_X_FORWARDED_FOR="198.51.100.7")

    assert statuses == [401, 401, 429, 429]
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert (response["X-RateLimit-Limit"], response["X-RateLimit-Remaining"]) == ("2", "0"), "of the limit that refuses"
    assert int(response["X-RateLimit-Reset"]) - time.time() == pytest.approx(int(response["Retry-After"]), abs=5)
    assert response.json()["code"] == "too_many_attempts"
    assert not Session.objects.exists()


@pytest.mark.parametrize("ending", ["password", "email", "deactivation", "session"])
def test_an_access_token_is_refused_on_the_request_after_its_login_ended(anna: User, ending: str) -> None:
    client = accounts.client_of(anna)
    assert client.get("/api/v1/me/").status_code == 200

    match ending:
        case "password":
            anna.set_password("something else 42")
            anna.save()
        case "email":
            User.objects.filter(pk=anna.pk).update(email="new@fammo.example")
        case "deactivation":
            User.objects.filter(pk=anna.pk).update(is_active=False)
        case "session":
            Session.objects.update(ended_at=timezone.now(), ended_reason=Session.EndReason.ENDED_BY_STAFF)

    assert client.get("/api/v1/me/").status_code == 401


def test_a_refresh_token_opens_no_door(api: APIClient, anna: User) -> None:
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {accounts.login(anna).refresh}")

    assert api.get("/api/v1/me/").status_code == 401
