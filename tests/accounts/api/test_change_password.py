from __future__ import annotations

from unittest.mock import ANY

import pytest
from rest_framework.test import APIClient

from fammo.accounts.models import Session, User
from fammo.mail.models import OutgoingMail
from tests.factories import accounts

pytestmark = pytest.mark.django_db

URL = "/api/v1/auth/change-password/"
NEW = "a brand new garden 9"


@pytest.mark.parametrize("name", ["current_password", "old_password"])
def test_every_login_ends_and_the_caller_gets_a_new_one(api: APIClient, anna: User, as_anna: APIClient, name: str) -> None:
    other_device = accounts.client_of(anna)

    response = as_anna.post(URL, {name: accounts.PASSWORD, "new_password": NEW})

    assert response.status_code == 200
    assert response.json() == {"success": True, "message": ANY, "access": ANY, "refresh": ANY}
    assert as_anna.get("/api/v1/me/").status_code == other_device.get("/api/v1/me/").status_code == 401
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {response.json()['access']}")
    assert api.get("/api/v1/me/").status_code == 200
    assert OutgoingMail.objects.get().kind == "accounts.password_changed"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"current_password": "wrong"}, "current_password"),
        ({"new_password": "short"}, "new_password"),
        ({"new_password_confirm": "another"}, "new_password_confirm"),
        ({"new_password": ""}, "new_password"),
    ],
)
def test_what_is_wrong_is_refused(anna: User, as_anna: APIClient, change: dict[str, str], field: str) -> None:
    response = as_anna.post(URL, {"current_password": accounts.PASSWORD, "new_password": NEW} | change)

    assert response.status_code == 400
    assert field in response.json()["details"]
    anna.refresh_from_db()
    assert anna.check_password(accounts.PASSWORD)
    assert Session.objects.alive().exists()
    assert not OutgoingMail.objects.exists()


def test_a_stranger_is_refused(api: APIClient) -> None:
    assert api.post(URL, {"current_password": "x", "new_password": NEW}).status_code == 401
