"""Mail is an outbox: written with the change that caused it, delivered by a worker, tried again, never sent twice."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage, get_connection, send_mail
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from fammo.mail import delivery, services
from fammo.mail.models import OutgoingMail
from tests.factories import accounts

pytestmark = pytest.mark.django_db


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(LookupError, match="no_such"):
        services.send_mail(kind="no_such.mail", to="anna@example.com", language="fi")

    assert not OutgoingMail.objects.exists()


def test_library_mail_is_queued_and_delivered_as_written(
    delivered: Callable[[], list[EmailMessage]], mailoutbox: list[EmailMessage]
) -> None:
    send_mail("Hei äö", "Teksti", "a@fammo.example", ["anna@example.com", "bo@example.com"])
    assert mailoutbox == []

    sent = delivered()

    assert sorted(message.to[0] for message in sent) == ["anna@example.com", "bo@example.com"]
    assert str(sent[0].message()["Subject"]) == "Hei äö"
    assert set(OutgoingMail.objects.values_list("state", "raw")) == {("sent", b"")}


def test_mail_of_a_rolled_back_write_is_never_sent(delivered: Callable[[], list[EmailMessage]]) -> None:
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        send_mail("Hei", "Teksti", "a@fammo.example", ["anna@example.com"])
        _ = 1 / 0

    assert delivered() == []


def test_sent_mail_is_not_sent_again(delivered: Callable[[], list[EmailMessage]]) -> None:
    send_mail("Hei", "Teksti", "a@fammo.example", ["anna@example.com"])
    delivered()

    delivery.deliver_mail(mail_id=OutgoingMail.objects.get().pk)

    assert len(delivered()) == 1


def test_dead_mail_server_loses_nothing(settings: Any, run_tasks: Callable[[], int]) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    send_mail("Hei", "Teksti", "a@fammo.example", ["anna@example.com"])

    run_tasks()

    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.attempts) == ("queued", 1)
    assert "ConnectionRefusedError" in mail.last_error
    assert DBTaskResult.objects.get().status == "READY"


def test_mail_that_can_never_be_sent_is_tried_once(run_tasks: Callable[[], int]) -> None:
    anna = accounts.person()
    mail = services.send_mail(kind="accounts.email_changed", to="a@xn--\u202e.example", language="en", context={"user_id": anna.pk})

    run_tasks()

    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("queued", 1)
    assert mail.last_error.startswith("UnicodeError")
    assert DBTaskResult.objects.get().status == "FAILED"


def test_mail_reaches_a_real_smtp_server(settings: Any, run_tasks: Callable[[], int]) -> None:
    class Mailbox:
        received: list[bytes] = []

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
            self.received.append(envelope.content)
            return "250 OK"

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(Mailbox(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        send_mail("Hei äö", "Teksti", "a@fammo.example", ["anna@example.com"])
        run_tasks()
    finally:
        server.stop()

    assert OutgoingMail.objects.get().last_error == ""
    assert message_from_bytes(Mailbox.received[0]).get_payload(decode=True).decode().strip() == "Teksti"


def test_eml_files_are_whole_and_sorted(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    connection = get_connection("fammo.mail.backends.EmlFileBackend")

    for number in range(3):
        connection.send_messages([EmailMessage(f"Mail {number}", "Text", to=["anna@example.com"])])

    files = sorted((tmp_path / "mail").iterdir())
    assert [message_from_bytes(path.read_bytes())["Subject"] for path in files] == ["Mail 0", "Mail 1", "Mail 2"]
    assert {path.suffix for path in files} == {".eml"}
