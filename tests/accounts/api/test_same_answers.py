"""Known and unknown addresses get the same answer: status, body, headers, and number of statements (design D10).

How long the answers take is measured by benchmarks/account_timing.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from fammo.accounts.models import User
from tests.factories import accounts

pytestmark = pytest.mark.django_db

DOORS: dict[str, Callable[[str], dict[str, str]]] = {
    "signup": lambda email: {"email": email, "password": accounts.PASSWORD, "password_confirm": accounts.PASSWORD},
    "token": lambda email: {"email": email, "password": "wrong password 9"},
    "forgot-password": lambda email: {"email": email},
    "resend-activation": lambda email: {"email": email},
}
PEOPLE = {"active": accounts.person, "unconfirmed": accounts.unconfirmed, "deactivated": accounts.deactivated}
BY_CALL = {"X-Request-ID", "Date", "Content-Length"}  # the opaque id of a sign-up has as many digits as chance gives it


def ask(api: APIClient, door: str, email: str) -> tuple[int, Any, dict[str, str]]:
    response = api.post(f"/api/v1/auth/{door}/", DOORS[door](email))
    body = response.json()
    body.pop("request_id", None)
    if "user" in body:
        assert body["user"].keys() == {"id", "email"}
        assert body.pop("user")["email"] == email
    return response.status_code, body, {name: value for name, value in response.headers.items() if name not in BY_CALL}


@pytest.mark.parametrize("state", PEOPLE)
@pytest.mark.parametrize("door", DOORS)
def test_the_answer_is_the_same(api: APIClient, door: str, state: str) -> None:
    PEOPLE[state]("known@fammo.example")

    assert ask(api, door, "known@fammo.example") == ask(api, door, "nobody@fammo.example")


def test_a_known_address_costs_a_sign_up_as_much_as_a_new_one(api: APIClient) -> None:
    accounts.person("known@fammo.example")
    writes = {}
    for email in ("known@fammo.example", "nobody@fammo.example"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ask(api, "signup", email)
        writes[email] = sorted(query["sql"].split("(")[0] for query in queries if query["sql"].startswith("INSERT"))

    known, unknown = writes.values()
    assert set(unknown) <= set(known)
    assert User.objects.count() == 2, "what was rehearsed is undone"
