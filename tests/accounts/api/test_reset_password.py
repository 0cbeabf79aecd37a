from __future__ import annotations

from datetime import timedelta
from unittest.mock import ANY

import pytest
from rest_framework.test import APIClient

from fammo.accounts import links
from fammo.accounts.models import User
from fammo.accounts.purposes import RESET_LIFETIME, RESET_PASSWORD
from tests.factories import accounts

pytestmark = pytest.mark.django_db

URL = "/api/v1/auth/reset-password/"
NEW = "a brand new garden 9"


@pytest.fixture
def sent(anna: User) -> dict[str, str]:
    """What the app takes out of the address in the mail."""
    link = links.issue_link(user=anna, purpose=RESET_PASSWORD, lifetime=RESET_LIFETIME)
    return {"uid": links.uid_of(anna), "token": link.token}


@pytest.mark.parametrize(
    "names", [("new_password", "new_password_confirm"), ("password", "password_confirm"), ("new_password", "confirm_password")]
)
def test_the_password_is_set_under_any_of_its_names(api: APIClient, anna: User, sent: dict[str, str], names: tuple[str, str]) -> None:
    response = api.post(URL, sent | dict.fromkeys(names, NEW))

    assert response.status_code == 200
    assert response.json() == {"success": True, "message": ANY}
    anna.refresh_from_db()
    assert anna.check_password(NEW)


def test_confirming_it_is_optional(api: APIClient, sent: dict[str, str]) -> None:
    assert api.post(URL, sent | {"new_password": NEW}).status_code == 200


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"token": "A" * 65}, "link_invalid"),
        ({"uid": "MQ"}, "link_invalid"),
        ({"uid": ""}, "validation_error"),
        ({"new_password": "short"}, "validation_error"),
        ({"new_password": "anna@fammo.example"}, "validation_error"),
        ({"new_password_confirm": "another"}, "validation_error"),
    ],
)
def test_what_is_wrong_is_refused(api: APIClient, anna: User, sent: dict[str, str], change: dict[str, str], code: str) -> None:
    response = api.post(URL, sent | {"new_password": NEW} | change)

    assert response.status_code == 400
    assert response.json()["code"] == code
    anna.refresh_from_db()
    assert anna.check_password(accounts.PASSWORD)


def test_a_link_works_once(api: APIClient, sent: dict[str, str]) -> None:
    api.post(URL, sent | {"new_password": NEW})

    response = api.post(URL, sent | {"new_password": "yet another garden 10"})

    assert (response.status_code, response.json()["code"]) == (400, "link_used")


def test_an_expired_link_says_so(api: APIClient, anna: User) -> None:
    link = links.issue_link(user=anna, purpose=RESET_PASSWORD, lifetime=-timedelta(seconds=1))

    response = api.post(URL, {"uid": links.uid_of(anna), "token": link.token, "new_password": NEW})

    assert (response.status_code, response.json()["code"]) == (400, "link_expired")
