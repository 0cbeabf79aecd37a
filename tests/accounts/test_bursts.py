"""Many callers at once, on PostgreSQL: one family of tokens, one account, one limit."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import pytest
from django.db import connection
from rest_framework.test import APIClient

from fammo.accounts import services
from fammo.accounts.models import Session, User
from fammo.accounts.tokens import TokenPair
from fammo.mail.models import OutgoingMail
from tests.factories import accounts

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("real_transactions")]

T = TypeVar("T")

SIGN_UP = "/api/v1/auth/signup/"
TOKEN = "/api/v1/auth/token/"
SPELLINGS = ("anna@fammo.example", "Anna@fammo.example", "ANNA@FAMMO.EXAMPLE", " anna@Fammo.Example ", "aNNa@fammo.exAMPLE")


def at_once(callers: int, work: Callable[[int], T], each: int = 1) -> list[T]:
    """What ``callers`` threads got that began at the same instant and did the work ``each`` times, each on its own connection."""
    start, answers = threading.Barrier(callers), []

    def call(number: int) -> None:
        start.wait()
        try:
            answers.extend(work(number * each + turn) for turn in range(each))
        finally:
            connection.close()

    threads = [threading.Thread(target=call, args=(number,)) for number in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_200_refreshes_of_one_token_leave_one_family_and_one_pair() -> None:
    pair = accounts.login(accounts.person(), rotation=True)

    answers: list[TokenPair] = at_once(25, lambda _number: services.refresh_tokens(refresh=pair.refresh or ""), each=8)

    assert len(answers) == 200
    assert len(set(answers)) == 1
    session = Session.objects.select_related("user").get()
    assert session.is_alive()
    assert len(session.rotations) == 1
    assert not OutgoingMail.objects.exists()


def test_50_sign_ups_of_one_address_make_one_account_and_one_mail() -> None:
    def sign_up(number: int) -> int:
        body = {"email": SPELLINGS[number % len(SPELLINGS)], "password": accounts.PASSWORD, "password_confirm": accounts.PASSWORD}
        status: int = APIClient().post(SIGN_UP, body).status_code
        return status

    statuses = at_once(25, sign_up, each=2)

    assert statuses == [201] * 50
    assert User.objects.count() == 1
    assert User.objects.get().email == "anna@fammo.example"
    assert [mail.kind for mail in OutgoingMail.objects.all()] == ["accounts.activate"]


def test_of_50_sign_ups_with_two_passwords_one_account_remains_and_nobody_s_password_counts() -> None:
    """docs/decisions/0007: nobody knows yet whose mailbox it is."""

    def sign_up(number: int) -> int:
        password = ("correct horse 41", "another horse 42")[number % 2]
        status: int = (
            APIClient().post(SIGN_UP, {"email": SPELLINGS[number % 5], "password": password, "password_confirm": password}).status_code
        )
        return status

    assert at_once(25, sign_up, each=2) == [201] * 50
    assert not User.objects.get().has_usable_password()


def test_a_burst_of_wrong_passwords_does_not_overrun_the_limit(limits: Callable[..., None]) -> None:
    accounts.person("anna@fammo.example")
    limits(login_attempts="5/hour", auth="1000/minute")

    def guess(number: int) -> str:
        client = APIClient(HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
        code: str = client.post(TOKEN, {"email": SPELLINGS[number % 5].strip(), "password": f"wrong {number}"}).json()["code"]
        return code

    counted = Counter(at_once(25, guess, each=2))

    assert 1 <= counted["invalid_credentials"] <= 5
    assert counted["invalid_credentials"] + counted["too_many_attempts"] == 50
