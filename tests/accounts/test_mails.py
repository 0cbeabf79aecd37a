from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from fammo.accounts.models import DataExport, EmailChange, Erasure, Session, User
from fammo.accounts.selectors import person_of
from fammo.common import languages
from fammo.mail import kinds
from fammo.mail.models import OutgoingMail
from fammo.mail.services import send_mail
from fammo.privacy.inventory import take_inventory
from tests.factories import accounts

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def contexts() -> Mapping[str, dict[str, object]]:
    waiting, active = accounts.unconfirmed(), accounts.person()
    accounts.login(active, device="Anna's phone")
    now = timezone.now()
    change = EmailChange.objects.create(user=active, old_email=active.email, new_email="new@fammo.example", expires_at=now + HOUR)
    export = DataExport.objects.create(user=active, state="ready", size_bytes=1, ready_at=now, expires_at=now + HOUR)
    erasure = Erasure.objects.create(user=active, origin="owner", due_at=now + HOUR, receipt=dict(take_inventory(person_of(active))))
    changing = {"change_id": str(change.pk), "link_id": str(uuid.uuid4())}
    return {
        "accounts.google_linked": {"user_id": active.pk},
        "accounts.confirm_email_old": changing,
        "accounts.confirm_email_new": changing | {"link_id": str(uuid.uuid4())},
        "accounts.email_changed": {"user_id": active.pk},
        "accounts.export_ready": {"export_id": str(export.pk), "link_id": str(uuid.uuid4())},
        "accounts.erasure_requested": {"erasure_id": str(erasure.pk), "link_id": str(uuid.uuid4())},
        "accounts.erasure_cancelled": {"user_id": active.pk},
        "accounts.erased": {"erasure_id": str(erasure.pk)},
        "accounts.activate": {"email": waiting.email, "link_id": str(uuid.uuid4())},
        "accounts.already_registered": {"user_id": active.pk},
        "accounts.reset_password": {"email": active.email, "link_id": str(uuid.uuid4())},
        "accounts.password_changed": {"user_id": active.pk},
        "accounts.session_reused": {"session_id": str(Session.objects.get().pk)},
    }


KINDS = (
    "accounts.activate",
    "accounts.already_registered",
    "accounts.confirm_email_new",
    "accounts.confirm_email_old",
    "accounts.email_changed",
    "accounts.erased",
    "accounts.erasure_cancelled",
    "accounts.erasure_requested",
    "accounts.export_ready",
    "accounts.google_linked",
    "accounts.password_changed",
    "accounts.reset_password",
    "accounts.session_reused",
)


def test_every_kind_is_tried() -> None:
    assert {name for name in kinds._kinds if name.startswith("accounts.")} == set(KINDS)


@pytest.mark.parametrize("language", languages.CODES)
def test_every_mail_has_text_and_html_in_every_language(delivered: Callable[[], list[EmailMultiAlternatives]], language: str) -> None:
    written = contexts()
    assert set(written) == set(KINDS)
    for kind, context in written.items():
        send_mail(kind=kind, to="anna@fammo.example", language=language, context=context)

    mails = delivered()

    assert len(mails) == len(KINDS)
    for mail in mails:
        ((html, mimetype),) = mail.alternatives
        assert mimetype == "text/html"
        assert f'<html lang="{language}">' in str(html)
        assert mail.subject
        for text in (mail.body, mail.subject):
            assert not any(mark in text for mark in ("&#", "&amp;", "{{", "{%", "%("))


def test_delivered_again_it_carries_the_same_link(delivered: Callable[[], list[EmailMultiAlternatives]]) -> None:
    """A mail server that failed after taking the mail makes a second copy; its link must not kill that of the first."""
    user = accounts.person()
    context = {"email": user.email, "link_id": str(uuid.uuid4())}
    for _ in range(2):
        send_mail(kind="accounts.reset_password", to=user.email, language="en", context=context)

    first, second = delivered()

    assert first.body == second.body


@pytest.mark.parametrize("kind", sorted({*KINDS} - {"accounts.erased"}))
def test_a_mail_about_what_is_gone_is_dropped(delivered: Callable[[], list[EmailMultiAlternatives]], kind: str) -> None:
    context = contexts()[kind]
    User.objects.all().delete()
    send_mail(kind=kind, to="anna@fammo.example", language="en", context=context)

    assert delivered() == []
    assert OutgoingMail.objects.get().state == OutgoingMail.State.DROPPED
