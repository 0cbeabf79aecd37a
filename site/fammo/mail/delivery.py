"""Handing a queued mail to the mail server."""

from __future__ import annotations

import email
import email.message
import email.policy
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation
from structlog.contextvars import get_contextvars

from fammo.jobs.policy import GiveUp

from .kinds import RAW_KIND, MailIsPointless, context_builder, is_forgotten, template_path
from .models import OutgoingMail


def deliver_mail(*, mail_id: int) -> None:
    """Build the mail now and hand it to the mail server; raises what the server raised, so that the task is tried again.

    Raises GiveUp for an address that has no form on the wire: no attempt can ever succeed.
    """
    mail = OutgoingMail.objects.filter(pk=mail_id, state=OutgoingMail.State.QUEUED).first()
    if mail is None:  # delivered by another worker, or to somebody who was erased meanwhile
        return
    OutgoingMail.objects.filter(pk=mail.pk).update(attempts=F("attempts") + 1)
    try:
        message = _raw_message(mail) if mail.kind == RAW_KIND else _render(mail)
        message.connection = _transport()
        message.send()
    except MailIsPointless as exc:
        _finish(mail, OutgoingMail.State.DROPPED, str(exc))
    except Exception as exc:
        OutgoingMail.objects.filter(pk=mail.pk).update(last_error=f"{type(exc).__name__}: {exc}"[:500])
        if isinstance(exc, UnicodeError):
            raise GiveUp from exc
        raise
    else:
        _finish(mail, OutgoingMail.State.SENT)


def _finish(mail: OutgoingMail, state: OutgoingMail.State, note: str = "") -> None:
    if is_forgotten(mail.kind):
        mail.delete()
        return
    OutgoingMail.objects.filter(pk=mail.pk).update(state=state, sent_at=timezone.now(), last_error=note[:500], raw=b"")


def _transport() -> BaseEmailBackend:
    return get_connection(settings.MAIL_TRANSPORT)


def _render(mail: OutgoingMail) -> EmailMultiAlternatives:
    with translation.override(mail.language):
        context = {"public_url": settings.ENVIRONMENT.public_url, "language": mail.language} | context_builder(mail.kind)(mail.context)
        subject = " ".join(render_to_string(template_path(mail.kind, "subject.txt"), context).split())
        body = render_to_string(template_path(mail.kind, "txt"), context).strip() + "\n"
        html = render_to_string(template_path(mail.kind, "html"), context | {"subject": subject})
    # The same id at every attempt: a mailbox that got it before a crash here recognises the second copy.
    message_id = f"<fammo-{mail.pk}-{mail.created_at:%Y%m%d%H%M%S}@{settings.ENVIRONMENT.public_host}>"
    headers = {"Message-ID": message_id, "Content-Language": mail.language}
    if request_id := get_contextvars().get("request_id"):
        headers["X-Request-ID"] = request_id
    message = EmailMultiAlternatives(subject, body, to=[mail.to], headers=headers)
    message.attach_alternative(html, "text/html")
    return message


class _Parsed(email.message.EmailMessage):
    """A parsed message with the one method that Django's SMTP backend asks of its own."""

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\n") -> bytes:  # type: ignore[override]
        return super().as_bytes(unixfrom, policy=self.policy.clone(linesep=linesep))


class _RawMessage(EmailMessage):
    """A message that is sent exactly as its bytes say."""

    def __init__(self, mail: OutgoingMail) -> None:
        self.parsed = email.message_from_bytes(bytes(mail.raw), _class=_Parsed, policy=email.policy.SMTP)
        super().__init__(subject=self.parsed["Subject"], from_email=self.parsed["From"], to=[mail.to])

    def message(self, *, policy: Any = None) -> Any:
        return self.parsed


def _raw_message(mail: OutgoingMail) -> EmailMessage:
    return _RawMessage(mail)
