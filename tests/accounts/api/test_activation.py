from __future__ import annotations

from datetime import timedelta
from unittest.mock import ANY

import pytest
from rest_framework.test import APIClient

from fammo.accounts import links
from fammo.accounts.models import User
from fammo.accounts.purposes import ACTIVATE, RESET_PASSWORD
from fammo.mail.models import OutgoingMail
from tests.factories import accounts

pytestmark = pytest.mark.django_db

ACTIVATE_URL = "/api/v1/auth/activate/"
RESEND_URL = "/api/v1/auth/resend-activation/"


@pytest.fixture
def waiting() -> User:
    return accounts.unconfirmed("waiting@fammo.example")


def test_the_token_of_the_mail_activates(api: APIClient, waiting: User) -> None:
    link = links.issue_link(user=waiting, purpose=ACTIVATE, lifetime=timedelta(days=1))

    response = api.post(ACTIVATE_URL, {"uid": links.uid_of(waiting), "token": link.token})

    assert response.status_code == 200
    assert response.json() == {"success": True, "message": ANY, "user": {"id": waiting.pk, "email": waiting.email}}
    assert api.post("/api/v1/auth/token/", {"email": waiting.email, "password": accounts.PASSWORD}).status_code == 200


@pytest.mark.parametrize("token", ["A" * 65, "x"])
def test_a_forged_token_does_not(api: APIClient, waiting: User, token: str) -> None:
    response = api.post(ACTIVATE_URL, {"token": token})

    assert (response.status_code, response.json()["code"]) == (400, "link_invalid")
    waiting.refresh_from_db()
    assert not waiting.is_active


def test_the_token_of_another_mail_does_not(api: APIClient, waiting: User) -> None:
    link = links.issue_link(user=waiting, purpose=RESET_PASSWORD, lifetime=timedelta(days=1))

    assert api.post(ACTIVATE_URL, {"token": link.token}).status_code == 400


def test_asking_again_tells_nothing(api: APIClient, waiting: User, anna: User) -> None:
    answers = [api.post(RESEND_URL, {"email": email}) for email in (waiting.email, anna.email, "nobody@fammo.example")]

    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].json() == answers[1].json() == answers[2].json() == {"success": True, "message": ANY}
    assert OutgoingMail.objects.count() == 3
