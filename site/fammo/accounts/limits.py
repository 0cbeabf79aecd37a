"""How often one account may be tried and one mailbox written to, whoever asks and from wherever.

Counted where every process sees it (``fammo.api.throttling``), under a keyed hash, so the windows hold no addresses. All of
them open again by themselves; logging in rightly or resetting the password opens them at once.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from fammo.accounts.errors import TooManyAttempts
from fammo.api import throttling
from fammo.api.requests import client_ip

LOGIN_ATTEMPTS: Final = "login_attempts"
ACCOUNT_MAIL: Final = "account_mail"


def count_login_attempt(email: str) -> None:
    """Count an attempt before its password is looked at; raises ``TooManyAttempts`` when the account had enough of them."""
    _take(LOGIN_ATTEMPTS, _key(email))


def count_page(request: HttpRequest) -> None:
    """Count a form about signing in by the address it comes from, in the window of the API's own; raises ``TooManyAttempts``."""
    _take("auth", client_ip(request.META))


def forget_login_attempts(email: str) -> None:
    """The person proved to be themselves."""
    throttling.forget(LOGIN_ATTEMPTS, _key(email))


def may_mail(email: str) -> bool:
    """Whether a mailbox may get another mail that a stranger asked for. A refusal is not told to the stranger."""
    rate = throttling.take(ACCOUNT_MAIL, _key(email))
    return rate is None or rate.allowed


def _take(scope: str, caller: str) -> None:
    rate = throttling.take(scope, caller)
    if rate is not None and not rate.allowed:
        raise TooManyAttempts(retry_after_seconds=rate.seconds_to_wait, headers=rate.headers())


def _key(email: str) -> str:
    return salted_hmac("fammo.accounts.limits", email, algorithm="sha256").hexdigest()
