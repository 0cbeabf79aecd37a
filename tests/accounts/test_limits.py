"""Limits per account, with and without the server that should count them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from rest_framework.test import APIClient

from fammo.accounts import limits as account_limits
from fammo.accounts.errors import TooManyAttempts
from fammo.accounts.models import User
from tests.factories import accounts


@pytest.mark.django_db
def test_without_their_redis_the_limits_still_hold(environment: Callable[..., None], limits: Callable[..., None]) -> None:
    environment(redis_url="redis://127.0.0.1:1/0")
    limits(login_attempts="2/hour", account_mail="1/hour")

    with time_machine.travel("2026-11-21T12:00:05Z", tick=False):
        for _ in range(2):
            account_limits.count_login_attempt("anna@fammo.example")
        with pytest.raises(TooManyAttempts) as refusal:
            account_limits.count_login_attempt("anna@fammo.example")
        account_limits.forget_login_attempts("anna@fammo.example")
        account_limits.count_login_attempt("anna@fammo.example")
        mails = [account_limits.may_mail("anna@fammo.example") for _ in range(2)]

    assert refusal.value.retry_after_seconds
    assert mails == [True, False]


def test_logging_in_works_without_redis(
    api: APIClient, client: Client, anna: User, environment: Callable[..., None], limits: Callable[..., None]
) -> None:
    environment(redis_url="redis://127.0.0.1:1/0")
    limits()

    assert api.post("/api/v1/auth/token/", {"email": anna.email, "password": accounts.PASSWORD}).status_code == 200
    assert client.post("/admin/login/", {"username": anna.email, "password": accounts.PASSWORD}).status_code == 302
