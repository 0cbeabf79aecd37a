"""Loading content writes to nobody."""

from __future__ import annotations

import pytest
from django.core.mail import send_mail as send_plain_mail
from django_tasks_db.models import DBTaskResult

from fammo.mail.models import OutgoingMail
from fammo.mail.services import without_mail

pytestmark = pytest.mark.django_db


def test_no_mail_is_queued_inside() -> None:
    with without_mail():
        send_plain_mail("Subject", "Text", None, ["somebody@fammo.example"])

    assert not OutgoingMail.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_mail_is_queued_again_afterwards_even_when_the_loading_failed() -> None:
    with pytest.raises(RuntimeError), without_mail():
        raise RuntimeError

    send_plain_mail("Subject", "Text", None, ["somebody@fammo.example"])

    assert OutgoingMail.objects.get().to == "somebody@fammo.example"
