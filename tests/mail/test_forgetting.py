"""The outbox remembers for a month, and of some mails nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from fammo.mail import kinds, tasks
from fammo.mail.models import OutgoingMail
from fammo.mail.services import send_mail

pytestmark = pytest.mark.django_db


def test_of_the_last_mail_nothing_is_kept(delivered: Callable[[], list[EmailMessage]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds._kinds, "accounts.erased", lambda context: {"number": 7})
    send_mail(kind="accounts.erased", to="gone@fammo.example", language="en")

    (mail,) = delivered()

    assert mail.to == ["gone@fammo.example"]
    assert not OutgoingMail.objects.exists()


def test_a_mail_whose_row_is_gone_is_no_failure(run_tasks: Callable[[], int], mailoutbox: list[EmailMessage]) -> None:
    send_mail(kind="accounts.erasure_cancelled", to="gone@fammo.example", language="en", context={"user_id": 1})
    OutgoingMail.objects.all().delete()

    run_tasks()

    assert mailoutbox == []
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_after_a_month_mails_are_forgotten() -> None:
    for days in (29, 31):
        mail = OutgoingMail.objects.create(kind="accounts.activate", to="anna@fammo.example")
        OutgoingMail.objects.filter(pk=mail.pk).update(created_at=timezone.now() - timedelta(days=days))

    assert tasks.prune_mails.func() == 1
    assert OutgoingMail.objects.count() == 1
