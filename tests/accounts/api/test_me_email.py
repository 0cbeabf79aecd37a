"""Moving to another address, with the word of both mailboxes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import ANY

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from fammo.accounts.models import EmailChange, Session, User
from fammo.accounts.services import prune_ended
from fammo.audit.models import Entry
from fammo.mail.models import OutgoingMail
from tests.factories import accounts

pytestmark = pytest.mark.django_db

URL = "/api/v1/me/email/"
NEW = "anna.new@fammo.example"
Mails = Callable[[], list[EmailMessage]]


def ask(client: APIClient, **changes: Any) -> Any:
    return client.post(URL, {"new_email": NEW, "password": accounts.PASSWORD} | changes)


def addresses(mails: list[EmailMessage]) -> dict[str, str]:
    """The path of the button in each mailbox."""
    found = {mail.to[0]: re.search(r"/change-email/\S+", mail.body) for mail in mails}
    return {to: match[0] for to, match in found.items() if match}


def test_both_mailboxes_are_asked(as_anna: APIClient, anna: User, delivered: Mails) -> None:
    response = ask(as_anna, new_email="Anna.New@fammo.example")

    assert response.status_code == 202
    pending = {
        "new_email": NEW,
        "requested_at": ANY,
        "expires_at": ANY,
        "confirmed_at_old_address": False,
        "confirmed_at_new_address": False,
    }
    assert response.json() == {"success": True, "message": ANY, "pending": pending}
    assert as_anna.get(URL).json() == {"email": anna.email, "pending": pending}
    assert {mail.to[0] for mail in delivered()} == {anna.email, NEW}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_with_both_words_the_account_moves_and_the_old_mailbox_is_told(
    as_anna: APIClient, api: APIClient, anna: User, client: Client, delivered: Mails, order: tuple[int, int]
) -> None:
    ask(as_anna)
    found = addresses(delivered())
    first, second = (found[(anna.email, NEW)[index]] for index in order)

    assert client.get(first).status_code == 200
    assert "One mailbox to go" in client.post(first).content.decode()
    assert User.objects.get().email == anna.email
    assert as_anna.get("/api/v1/me/").status_code == 200
    assert "has been changed" in client.post(second).content.decode()

    assert User.objects.get().email == NEW
    assert as_anna.get("/api/v1/me/").status_code == 401
    assert Session.objects.get().ended_reason == Session.EndReason.CREDENTIALS
    last = delivered()[-1]
    assert (last.to, "address" in last.subject) == (["anna@fammo.example"], True)
    assert Entry.objects.filter(verb="accounts.user.email_changed", actor=anna.pk).exists()
    assert api.post("/api/v1/auth/token/", {"email": NEW, "password": accounts.PASSWORD}).status_code == 200
    assert api.post("/api/v1/auth/token/", {"email": "anna@fammo.example", "password": accounts.PASSWORD}).status_code == 401


def test_one_mailbox_twice_is_not_both(as_anna: APIClient, anna: User, client: Client, delivered: Mails) -> None:
    ask(as_anna)
    address = addresses(delivered())[NEW]

    client.post(address)

    assert client.post(address).status_code == 410
    assert client.post(address.replace("/new/", "/old/")).status_code == 404
    assert User.objects.get().email == anna.email


def test_a_newer_wish_replaces_an_older_one(as_anna: APIClient, client: Client, delivered: Mails) -> None:
    ask(as_anna, new_email="first@fammo.example")
    ask(as_anna)
    found = addresses(delivered())

    assert EmailChange.objects.open().get().new_email == NEW
    assert "first@fammo.example" not in found, "what was replaced is not even asked"
    assert client.get(found[NEW]).status_code == 200


def test_a_wish_can_be_called_off(as_anna: APIClient, client: Client, delivered: Mails) -> None:
    ask(as_anna)
    found = addresses(delivered())

    assert as_anna.delete(URL).status_code == 204

    assert as_anna.get(URL).json()["pending"] is None
    assert {client.post(address).status_code for address in found.values()} == {410}


def test_after_two_days_it_is_over(as_anna: APIClient, anna: User, client: Client, delivered: Mails) -> None:
    ask(as_anna)
    found = addresses(delivered())

    with time_machine.travel(timezone.now() + timedelta(days=2, minutes=1)):
        assert {client.post(address).status_code for address in found.values()} == {410}
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        prune_ended()
    assert User.objects.get().email == anna.email
    assert not EmailChange.objects.exists()


def test_a_new_password_ends_the_wish(as_anna: APIClient, anna: User, client: Client, delivered: Mails) -> None:
    ask(as_anna)
    found = addresses(delivered())
    anna.set_password("another horse 42")
    anna.save()

    assert {client.post(address).status_code for address in found.values()} == {410}


def test_a_known_address_gets_the_same_answer_and_no_mail(as_anna: APIClient, anna: User, outsider: User, delivered: Mails) -> None:
    unknown = ask(as_anna)
    known = ask(as_anna, new_email=outsider.email)

    assert (known.status_code, known.json().keys()) == (unknown.status_code, unknown.json().keys())
    assert outsider.email not in {mail.to[0] for mail in delivered()}


def test_an_address_that_was_taken_meanwhile_is_refused(as_anna: APIClient, anna: User, client: Client, delivered: Mails) -> None:
    ask(as_anna)
    found = addresses(delivered())
    client.post(found[NEW])
    accounts.person(NEW)

    response = client.post(found[anna.email])

    assert response.status_code == 409
    assert "cannot be used" in response.content.decode()
    assert User.objects.get(pk=anna.pk).email == "anna@fammo.example"
    assert as_anna.get("/api/v1/me/").status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"new_email": "nonsense"}, "new_email"),
        ({"new_email": ""}, "new_email"),
        ({"new_email": "ANNA@fammo.example"}, "new_email"),
        ({"password": "wrong"}, "password"),
    ],
)
def test_what_is_wrong_is_refused(as_anna: APIClient, change: dict[str, str], field: str) -> None:
    response = ask(as_anna, **change)

    assert response.status_code == 400
    assert field in response.json()["details"]
    assert not EmailChange.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_an_older_login_needs_the_password(as_anna: APIClient) -> None:
    Session.objects.update(created_at=timezone.now() - timedelta(minutes=11))

    response = as_anna.post(URL, {"new_email": NEW})

    assert (response.status_code, response.json()["code"]) == (403, "presence_required")
    assert not EmailChange.objects.exists()


@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_a_stranger_is_refused(api: APIClient, method: str) -> None:
    assert getattr(api, method)(URL).status_code == 401


def test_an_address_that_no_mail_can_reach_is_refused(as_anna: APIClient) -> None:
    answer = as_anna.post(URL, {"new_email": "a@xn--\u202e.example"})

    assert (answer.status_code, set(answer.json()["details"])) == (400, {"new_email"})
    assert not EmailChange.objects.exists()
