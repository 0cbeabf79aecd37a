from __future__ import annotations

from unittest.mock import ANY

import pytest
from rest_framework.test import APIClient

from fammo.accounts.models import Session, User
from tests.factories import accounts

pytestmark = pytest.mark.django_db

ONE = "/api/v1/auth/logout/"
ALL = "/api/v1/auth/logout-all/"
ME = "/api/v1/me/"


def test_the_access_tokens_login_ends_and_no_other(anna: User, as_anna: APIClient) -> None:
    other_device = accounts.client_of(anna)

    response = as_anna.post(ONE)

    assert response.status_code == 200
    assert response.json() == {"success": True, "message": ANY}
    assert as_anna.get(ME).status_code == 401
    assert other_device.get(ME).status_code == 200


def test_a_refresh_token_is_enough(api: APIClient, anna: User) -> None:
    pair = accounts.login(anna)
    api.credentials(HTTP_AUTHORIZATION="Bearer expired")

    assert [api.post(ONE, {"refresh": pair.refresh}).status_code for _ in range(2)] == [200, 200]
    assert Session.objects.get().ended_reason == Session.EndReason.LOGOUT
    assert api.post("/api/v1/auth/token/refresh/", {"refresh": pair.refresh}).status_code == 401


@pytest.mark.parametrize("body", [{}, {"refresh": "nonsense"}])
def test_whoever_is_not_logged_in_cannot_log_out(api: APIClient, body: dict[str, str]) -> None:
    assert api.post(ONE, body).status_code == 401


def test_logging_out_everywhere(anna: User, outsider: User, as_anna: APIClient) -> None:
    clients = [as_anna, accounts.client_of(anna)]
    stranger = accounts.client_of(outsider)

    assert as_anna.post(ALL).json() == {"success": True, "message": ANY}
    assert [client.get(ME).status_code for client in clients] == [401, 401]
    assert stranger.get(ME).status_code == 200


def test_logging_out_everywhere_needs_a_login(api: APIClient) -> None:
    assert api.post(ALL).status_code == 401
