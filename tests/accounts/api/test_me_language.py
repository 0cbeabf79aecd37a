from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from fammo.accounts.models import User
from tests.factories import accounts

pytestmark = pytest.mark.django_db

URL = "/api/v1/me/language/"


def test_the_language_is_told(anna: User, as_anna: APIClient) -> None:
    response = as_anna.get(URL)

    assert (response.status_code, response.json()) == (200, {"language": "en"})


@pytest.mark.parametrize(("method", "name"), [("post", "language"), ("patch", "language"), ("post", "preferred_language")])
def test_the_language_is_set(anna: User, as_anna: APIClient, method: str, name: str) -> None:
    response = getattr(as_anna, method)(URL, {name: "fi"})

    assert (response.status_code, response.json()) == (200, {"language": "fi"})
    anna.profile.refresh_from_db()
    assert anna.profile.preferred_language == "fi"


def test_answers_speak_it_unless_the_request_says_otherwise() -> None:
    client = accounts.client_of(accounts.person(language="tr"))

    assert client.get("/api/v1/me/")["Content-Language"] == "tr"
    assert client.get("/api/v1/me/", HTTP_ACCEPT_LANGUAGE="nl")["Content-Language"] == "nl"


@pytest.mark.parametrize("body", [{}, {"language": "xx"}, {"language": None}, [], "fi"])
def test_what_is_no_language_of_ours_is_refused(as_anna: APIClient, body: object) -> None:
    assert as_anna.post(URL, body).status_code == 400


def test_a_stranger_is_refused(api: APIClient) -> None:
    assert api.get(URL).status_code == api.post(URL, {"language": "fi"}).status_code == 401
