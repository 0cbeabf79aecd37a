from __future__ import annotations

from unittest.mock import ANY

import pytest
from rest_framework.test import APIClient

from fammo.accounts.models import Session, User
from tests.factories import accounts

pytestmark = pytest.mark.django_db

URL = "/api/v1/auth/token/refresh/"


def test_a_login_without_rotation_gets_an_access_token(api: APIClient, anna: User) -> None:
    response = api.post(URL, {"refresh": accounts.login(anna).refresh})

    assert response.status_code == 200
    assert response.json() == {"access": ANY}
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {response.json()['access']}")
    assert api.get("/api/v1/me/").status_code == 200


def test_a_login_with_rotation_gets_a_pair_and_the_same_one_again(api: APIClient, anna: User) -> None:
    refresh = accounts.login(anna, rotation=True).refresh

    first, second = (api.post(URL, {"refresh": refresh}).json() for _ in range(2))

    assert first == {"access": ANY, "refresh": ANY}
    assert first == second


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "x" * 4000])
def test_nonsense_is_refused(api: APIClient, token: str) -> None:
    response = api.post(URL, {"refresh": token})

    assert response.status_code == 401
    assert response.json()["code"] == "token_not_valid"


@pytest.mark.parametrize("body", [{}, {"refresh": ""}, {"refresh": None}, {"refresh": "x" * 5000}])
def test_bad_input_is_refused(api: APIClient, body: dict[str, object]) -> None:
    assert api.post(URL, body).status_code == 400


def test_a_deactivated_person_gets_nothing(api: APIClient, anna: User) -> None:
    refresh = accounts.login(anna).refresh
    User.objects.filter(pk=anna.pk).update(is_active=False)

    assert api.post(URL, {"refresh": refresh}).status_code == 401


def test_an_expired_access_token_sent_along_does_not_matter(api: APIClient, anna: User) -> None:
    api.credentials(HTTP_AUTHORIZATION="Bearer expired")

    assert api.post(URL, {"refresh": accounts.login(anna).refresh}).status_code == 200
    assert Session.objects.count() == 1
