"""The kinds of mail that the apps declare in their ``mails.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Context = dict[str, Any]
BuildContext = Callable[[Mapping[str, Any]], Context]

RAW_KIND = "mail.raw"  # a whole message, built by a library

_kinds: dict[str, BuildContext] = {}
_forgotten: set[str] = set()


class MailIsPointless(Exception):
    """Raised while a mail is built when what it tells of is gone or settled: it is dropped, not sent, not retried."""


def mail_kind(name: str, *, is_forgotten: bool = False) -> Callable[[BuildContext], BuildContext]:
    """Declare the mail ``<app>.<name>``: the function turns the stored ids into the template's context at delivery time.

    Links and tokens are made here and nowhere earlier, so that no secret rests in the database. Of a mail that ``is_forgotten``
    (to somebody who is not our user any more) nothing is kept once it is delivered.
    """

    def declare(build: BuildContext) -> BuildContext:
        _kinds[name] = build
        if is_forgotten:
            _forgotten.add(name)
        return build

    return declare


def context_builder(name: str) -> BuildContext:
    return _kinds[name]


def is_forgotten(name: str) -> bool:
    return name in _forgotten


def is_declared(name: str) -> bool:
    return name in _kinds


def template_path(name: str, suffix: str) -> str:
    """``clinics.confirm_email`` and ``subject.txt`` -> ``clinics/mail/confirm_email.subject.txt``."""
    app, _, mail = name.partition(".")
    return f"{app}/mail/{mail}.{suffix}"
