"""Consent before sign-up, under the id of the device, and what becomes of it."""

from __future__ import annotations

import datetime
import uuid
from typing import Any
from unittest.mock import ANY

import pytest
import time_machine
from rest_framework.test import APIClient

from fammo.accounts import links
from fammo.accounts.models import MailLink, User
from fammo.accounts.purposes import ACTIVATE, RESET_PASSWORD
from fammo.accounts.services import activate_user, reset_password, set_active
from legal import ledger, selectors
from legal.models import ConsentEvent, ConsentSubject, LegalVersion
from legal.tasks import forget_devices
from tests.factories.accounts import PASSWORD, superuser
from tests.factories.legal import legal_version

pytestmark = pytest.mark.django_db
URL = "/api/v1/legal/consent/device/"
DEVICE = "0b5a7b9e-32a7-4a4e-9a70-07f1d1d6a4b1"


@pytest.fixture
def version() -> LegalVersion:
    return legal_version()


@pytest.fixture
def accepted(api: APIClient, version: LegalVersion) -> None:
    answer = api.post(URL, {"document": version.pk, "accepted": True}, headers={"X-Device-ID": DEVICE, "X-App-Version": "3.1"})
    assert answer.status_code == 201


def sign_up(api: APIClient, email: str, password: str = PASSWORD, **headers: str) -> User:
    answer = api.post("/api/v1/auth/signup/", {"email": email, "password": password, "password_confirm": password}, headers=headers)
    assert answer.status_code == 201, answer.content
    return User.objects.get(email=email)


def follow_link(user: User, purpose: str = ACTIVATE) -> None:
    link = MailLink.objects.filter(user=user, purpose=purpose).latest("created_at")
    if purpose == ACTIVATE:
        activate_user(token=link.token)
    else:
        reset_password(token=link.token, new_password="another horse 42")


def test_decision_is_kept_for_the_device(api: APIClient, version: LegalVersion, accepted: None) -> None:
    assert api.get(URL, headers={"X-Device-ID": DEVICE}).json() == [
        {
            "id": ANY,
            "document": version.pk,
            "document_type": "user_terms",
            "version": "1.0",
            "language": "en",
            "sha256": ConsentEvent.objects.get().text_sha256,
            "accepted": True,
            "state": "accepted",
            "accepted_at": ANY,
            "decided_at": ANY,
            "app_version": "3.1",
            "ip_address": "127.0.0.1",
            "event": 1,
        }
    ]
    assert api.get(URL, headers={"X-Device-ID": str(uuid.uuid4())}).json() == []
    assert DEVICE not in str(ConsentSubject.objects.values())


def test_signing_up_on_the_device_takes_its_decisions_along(api: APIClient, version: LegalVersion, accepted: None) -> None:
    user = sign_up(api, "anna@fammo.example", **{"X-Device-ID": DEVICE})
    follow_link(user)

    (consent,) = selectors.consents_of(user)
    assert (consent.version, consent.state, consent.event_id) == (version, "accepted", 1)
    assert selectors.outstanding_for(user, language="en") == []
    assert api.get(URL, headers={"X-Device-ID": DEVICE}).json() == []
    assert ledger.verify().is_sound
    user.refresh_from_db()
    assert user.signed_up_on is None


def test_nothing_is_taken_along_before_the_address_is_confirmed(api: APIClient, accepted: None) -> None:
    user = sign_up(api, "anna@fammo.example", **{"X-Device-ID": DEVICE})

    assert not selectors.consents_of(user).exists()
    assert len(api.get(URL, headers={"X-Device-ID": DEVICE}).json()) == 1


def test_strangers_sign_up_with_ones_address_takes_nothing_along(api: APIClient, accepted: None) -> None:
    sign_up(api, "anna@fammo.example", "a stranger's horse 43", **{"X-Device-ID": DEVICE})
    with time_machine.travel(datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(minutes=5)):
        anna = sign_up(api, "anna@fammo.example")
        follow_link(anna, RESET_PASSWORD)

    anna.refresh_from_db()
    assert (anna.is_active, anna.signed_up_on, selectors.consents_of(anna).exists()) == (True, None, False)


def test_choosing_another_password_takes_nothing_along(api: APIClient, accepted: None) -> None:
    user = sign_up(api, "anna@fammo.example", **{"X-Device-ID": DEVICE})
    links.issue_link(user=user, purpose=RESET_PASSWORD, lifetime=datetime.timedelta(hours=1))
    follow_link(user, RESET_PASSWORD)

    user.refresh_from_db()
    assert (user.is_active, user.signed_up_on, selectors.consents_of(user).exists()) == (True, None, False)


def test_account_that_staff_activate_takes_nothing_along(api: APIClient, accepted: None) -> None:
    user = set_active(user=sign_up(api, "anna@fammo.example", **{"X-Device-ID": DEVICE}), is_active=True, actor=superuser())

    assert (user.is_active, user.signed_up_on, selectors.consents_of(user).exists()) == (True, None, False)


def test_signing_up_elsewhere_or_second_takes_nothing(api: APIClient, accepted: None) -> None:
    stranger = sign_up(api, "stranger@fammo.example")
    first = sign_up(api, "first@fammo.example", **{"X-Device-ID": DEVICE})
    second = sign_up(api, "second@fammo.example", **{"X-Device-ID": DEVICE})
    for user in (stranger, first, second):
        follow_link(user)

    assert not selectors.consents_of(stranger).exists()
    assert not selectors.consents_of(second).exists()


def test_another_device_is_not_given_the_answer_of_the_same_key(api: APIClient, version: LegalVersion) -> None:
    answers = [
        api.post(URL, {"document": version.pk, "accepted": True}, headers={"X-Device-ID": device, "Idempotency-Key": "first-start"})
        for device in (DEVICE, str(uuid.uuid4()), DEVICE)
    ]

    assert [answer.json()["event"] for answer in answers] == [1, 2, 1]


@pytest.mark.parametrize("headers", [{}, {"X-Device-ID": "my phone"}])
def test_device_must_say_which_it_is(api: APIClient, version: LegalVersion, headers: dict[str, str]) -> None:
    answer = api.post(URL, {"document": version.pk, "accepted": True}, headers=headers)

    assert (answer.status_code, "X-Device-ID" in answer.json()) == (400, True)
    assert not ConsentEvent.objects.exists()


def test_link_to_a_device_is_cut_after_thirty_days(accepted: None) -> None:
    forget_devices.call()
    assert ConsentSubject.objects.count() == 1

    with time_machine.travel(datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(days=31)):
        assert forget_devices.call() == 1

    assert not ConsentSubject.objects.exists()
    assert ConsentEvent.objects.count() == 1
    assert ledger.verify().is_sound


def test_ledger_cannot_be_filled_by_strangers(api: APIClient, version: LegalVersion, settings: Any) -> None:
    settings.RATE_LIMIT_SCALE, settings.RATE_LIMITS = 1, settings.RATE_LIMITS | {"device_consent": "2/hour"}

    statuses = [
        api.post(URL, {"document": version.pk, "accepted": True}, headers={"X-Device-ID": str(uuid.uuid4())}).status_code for _ in range(3)
    ]

    assert (statuses, ConsentEvent.objects.count()) == ([201, 201, 429], 2)
