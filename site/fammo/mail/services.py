"""Asking for a mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation

from .kinds import RAW_KIND, is_declared
from .models import OutgoingMail
from .tasks import deliver_mail

_writes_to_nobody = ContextVar("fammo.mail.writes_to_nobody", default=False)


@contextmanager
def without_mail() -> Iterator[None]:
    """Nothing that happens inside queues a mail: for loading content, where nobody did anything that others should hear of."""
    before = _writes_to_nobody.set(True)
    try:
        yield
    finally:
        _writes_to_nobody.reset(before)


@transaction.atomic
def send_mail(*, kind: str, to: str, language: str, context: Mapping[str, Any] | None = None) -> OutgoingMail:
    """Queue a mail of a declared kind, in the caller's transaction: no commit, no mail; no mail server, no waiting."""
    if not is_declared(kind):
        raise LookupError(f"No mail kind is called {kind!r}; declare it in the app's mails.py.")
    return _queue(OutgoingMail(kind=kind, to=to, language=language, context=dict(context or {})))


@transaction.atomic
def queue_message(message: EmailMessage) -> list[OutgoingMail]:
    """Queue a message that a library built itself, one row per recipient."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    raw = message.message().as_bytes()
    return [_queue(OutgoingMail(kind=RAW_KIND, to=to, language=language[:2], raw=raw)) for to in message.recipients()]


def _queue(mail: OutgoingMail) -> OutgoingMail:
    mail.full_clean(exclude=["raw"])
    if _writes_to_nobody.get():
        return mail
    mail.save(force_insert=True)
    deliver_mail.enqueue(mail.pk)
    return mail
