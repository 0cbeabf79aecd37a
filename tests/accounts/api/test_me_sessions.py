from __future__ import annotations

from datetime import timedelta
from unittest.mock import ANY

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from fammo.accounts.models import Session, User
from tests.factories import accounts

pytestmark = pytest.mark.django_db

URL = "/api/v1/me/sessions/"


def test_living_logins_are_listed_the_latest_first(anna: User, outsider: User) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        accounts.login(anna, device="Tablet")
    with time_machine.travel(timezone.now() - timedelta(days=8)):
        accounts.login(anna, device="Expired")
    accounts.login(outsider)
    client = accounts.client_of(anna)

    response = client.get(URL)

    assert response.status_code == 200
    assert response.json() == [
        {"id": ANY, "device": "Phone", "created_at": ANY, "last_used_at": ANY, "is_current": True},
        {"id": ANY, "device": "Tablet", "created_at": ANY, "last_used_at": ANY, "is_current": False},
    ]
    assert response["X-Total-Count"] == "2"


def test_one_login_can_be_ended(anna: User, as_anna: APIClient) -> None:
    lost = accounts.login(anna, device="Lost phone")
    session = Session.objects.get(device="Lost phone")

    assert as_anna.delete(f"{URL}{session.pk}/").status_code == 204

    assert accounts.bearer(lost).get(URL).status_code == 401
    assert [row["device"] for row in as_anna.get(URL).json()] == ["Phone"]
    assert as_anna.delete(f"{URL}{session.pk}/").status_code == 404


def test_somebody_elses_login_is_not_found(outsider: User, as_anna: APIClient) -> None:
    accounts.login(outsider)
    session = Session.objects.get(user=outsider)

    assert as_anna.delete(f"{URL}{session.pk}/").status_code == 404
    session.refresh_from_db()
    assert session.ended_at is None


def test_last_use_is_kept_by_the_hour(anna: User, as_anna: APIClient) -> None:
    now = timezone.now()
    before = Session.objects.get().last_used_at
    as_anna.get(URL)
    assert Session.objects.get().last_used_at == before

    Session.objects.update(last_used_at=now - timedelta(minutes=61))
    as_anna.get(URL)
    assert Session.objects.get().last_used_at >= now


def test_a_stranger_is_refused(api: APIClient) -> None:
    assert api.get(URL).status_code == 401
