"""The language of an answer: Accept-Language, else the signed-in person's own, else English."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.http import HttpRequest

from fammo.common import languages

# Given by the app that knows profiles (accounts): user -> language code or nothing.
_of_user: list[Callable[[Any], str | None]] = []


def register_user_language(of_user: Callable[[Any], str | None]) -> Callable[[Any], str | None]:
    """Makes ``of_user`` the one to ask for a person's own language; the last registration holds."""
    _of_user[:] = [of_user]
    return of_user


@lru_cache(maxsize=1024)
def of_header(header: str) -> str | None:
    """The first of our languages that an Accept-Language header asks for."""
    return languages.from_accept_language(header) if header else None


def of_user(user: Any) -> str | None:
    """A signed-in person's own language, if it is known and ours."""
    if user is None or not user.is_authenticated:
        return None
    for ask in _of_user:
        code = ask(user)
        if code in languages.CODES:
            return code
    return None


def request_language(request: HttpRequest | Any) -> str:
    """The language that this request is answered in; takes Django's request or DRF's."""
    return of_header(request.META.get("HTTP_ACCEPT_LANGUAGE", "")) or of_user(getattr(request, "user", None)) or languages.DEFAULT_CODE
