"""Deleting one's account: asked for, waited for, called off or done."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from unittest.mock import ANY

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from fammo.accounts import erasing, services
from fammo.accounts.models import Erasure, Session, User
from fammo.accounts.tasks import carry_out_due_erasures
from fammo.audit.models import Entry
from fammo.mail.models import OutgoingMail
from tests.factories import accounts

pytestmark = pytest.mark.django_db

URL = "/api/v1/me/"
Mails = Callable[[], list[EmailMessage]]
WEEK = timedelta(days=7)


def ask(user: User) -> Erasure:
    return services.request_erasure(user=user, origin=Erasure.Origin.OWNER, actor=user)


def test_the_account_goes_after_a_week_and_the_answer_is_the_receipt(anna: User, as_anna: APIClient, delivered: Mails) -> None:
    response = as_anna.delete(URL, {"password": accounts.PASSWORD})

    assert response.status_code == 202
    assert response.json() == {
        "success": True,
        "message": ANY,
        "receipt": {
            "number": ANY,
            "state": "waiting",
            "requested_at": ANY,
            "due_at": ANY,
            "erased_at": None,
            "erased": [
                {"kind": "accounts.profile", "what": "profiles", "rows": 1},
                {"kind": "accounts.session", "what": "sessions", "rows": 1},
                {"kind": "accounts.user", "what": "users", "rows": 1},
            ],
            "unlinked": [],
            "kept": ANY,
        },
    }
    assert User.objects.filter(pk=anna.pk).exists()
    assert as_anna.get(URL).status_code == 401
    (mail,) = delivered()
    assert mail.to == [anna.email]
    assert "/keep-account/" in mail.body


def test_without_a_delay_it_goes_at_once(anna: User, as_anna: APIClient, environment: Callable[..., None], delivered: Mails) -> None:
    environment(erasure_delay_days=0)

    response = as_anna.delete(URL, {"password": accounts.PASSWORD})

    assert response.status_code == 200
    assert response.json()["receipt"]["state"] == "done"
    assert response.json()["receipt"]["erased_at"]
    assert not User.objects.filter(pk=anna.pk).exists()
    assert as_anna.get(URL).status_code == 401
    (mail,) = delivered()
    assert (mail.to, response.json()["receipt"]["number"] in mail.body) == (["anna@fammo.example"], True)
    assert not OutgoingMail.objects.exists(), "of the last mail nothing is kept"


def test_a_login_of_the_last_minutes_needs_no_password(as_anna: APIClient) -> None:
    assert as_anna.delete(URL).status_code == 202


def test_an_older_login_does(anna: User, as_anna: APIClient) -> None:
    Session.objects.update(created_at=timezone.now() - timedelta(minutes=11))

    response = as_anna.delete(URL)

    assert response.status_code == 403
    assert response.json()["code"] == "presence_required"
    assert not Erasure.objects.exists()
    assert Session.objects.alive().exists()


def test_a_wrong_password_is_refused(as_anna: APIClient) -> None:
    response = as_anna.delete(URL, {"password": "wrong"})

    assert response.status_code == 400
    assert response.json()["code"] == "wrong_password"
    assert not Erasure.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_guessing_the_password_is_limited(as_anna: APIClient, limits: Callable[..., None]) -> None:
    limits(login_attempts="2/hour")
    for _ in range(2):
        as_anna.delete(URL, {"password": "wrong"})

    response = as_anna.delete(URL, {"password": accounts.PASSWORD})

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert not Erasure.objects.exists()


def test_a_stranger_is_refused(api: APIClient) -> None:
    assert api.delete(URL).status_code == 401


class TestSecondThoughts:
    def test_logging_in_again_calls_it_off(self, api: APIClient, anna: User, delivered: Mails) -> None:
        ask(anna)

        assert api.post("/api/v1/auth/token/", {"email": anna.email, "password": accounts.PASSWORD}).status_code == 200

        assert Erasure.objects.get().state == Erasure.State.CANCELLED
        assert {mail.kind for mail in OutgoingMail.objects.all()} == {"accounts.erasure_requested", "accounts.erasure_cancelled"}
        with time_machine.travel(timezone.now() + WEEK + timedelta(minutes=1)):
            assert erasing.queue_due_erasures() == 0

    def test_the_mail_s_button_calls_it_off(self, client: Client, anna: User, delivered: Mails) -> None:
        ask(anna)
        (mail,) = delivered()
        found = re.search(r"/keep-account/\S+", mail.body)
        assert found

        shown = client.get(found[0])
        assert Erasure.objects.get().state == Erasure.State.WAITING, "looking changes nothing"
        pressed = client.post(found[0])

        assert (shown.status_code, pressed.status_code) == (200, 200)
        assert Erasure.objects.get().state == Erasure.State.CANCELLED
        assert client.post(found[0]).status_code == 410

    def test_a_wrong_password_does_not(self, api: APIClient, anna: User) -> None:
        ask(anna)

        api.post("/api/v1/auth/token/", {"email": anna.email, "password": "wrong"})

        assert Erasure.objects.get().state == Erasure.State.WAITING

    def test_asking_twice_is_asking_once(self, anna: User) -> None:
        assert ask(anna) == ask(anna)
        assert OutgoingMail.objects.count() == 1

    def test_one_may_change_one_s_mind_twice(self, anna: User) -> None:
        ask(anna)
        services.cancel_erasure(user=anna, actor=anna)

        assert ask(anna).state == Erasure.State.WAITING


class TestTheDay:
    def test_what_is_due_is_carried_out_and_nothing_else(self, anna: User, outsider: User, run_tasks: Callable[[], int]) -> None:
        with time_machine.travel(timezone.now() - WEEK):
            due = ask(anna)
        ask(outsider)

        carry_out_due_erasures.enqueue()
        run_tasks()

        assert not User.objects.filter(pk=anna.pk).exists()
        assert User.objects.filter(pk=outsider.pk).exists()
        due.refresh_from_db()
        assert (due.state, due.user_id) == (Erasure.State.DONE, None)
        assert {part["kind"] for part in due.receipt["erased"]} >= {"accounts.user", "accounts.profile"}

    def test_not_a_minute_early(self, anna: User) -> None:
        erasure = ask(anna)

        assert erasing.carry_out(erasure.pk).state == Erasure.State.WAITING
        assert User.objects.filter(pk=anna.pk).exists()

    def test_carried_out_twice_it_is_done_once(self, anna: User) -> None:
        erasure = services.request_erasure(user=anna, origin=Erasure.Origin.OPERATOR, actor=None, delay=timedelta(0))
        receipt = erasure.receipt

        assert erasing.carry_out(erasure.pk).receipt == receipt
        assert OutgoingMail.objects.count() == 1

    def test_killed_in_the_middle_nothing_has_happened_and_the_next_round_does_it(
        self, anna: User, run_tasks: Callable[[], int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with time_machine.travel(timezone.now() - WEEK):
            erasure = ask(anna)
        OutgoingMail.objects.all().delete()

        def dies(*args: object, **kwargs: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(erasing, "send_mail", dies)
            with pytest.raises(KeyboardInterrupt):
                erasing.carry_out(erasure.pk)
        assert User.objects.filter(pk=anna.pk).exists()
        assert Erasure.objects.get().state == Erasure.State.WAITING
        assert not OutgoingMail.objects.exists()

        erasing.queue_due_erasures()
        run_tasks()

        assert not User.objects.filter(pk=anna.pk).exists()

    def test_files_that_a_killed_process_left_are_deleted_later(self, anna: User, run_tasks: Callable[[], int]) -> None:
        erasure = services.request_erasure(user=anna, origin=Erasure.Origin.OPERATOR, actor=None, delay=timedelta(0))
        run_tasks()
        Erasure.objects.update(files=["private/exports/left.zip"], ended_at=timezone.now() - timedelta(hours=2))

        assert erasing.queue_due_erasures() == 1
        run_tasks()

        erasure.refresh_from_db()
        assert erasure.files == []

    def test_the_log_says_who_asked_and_that_it_was_done(self, anna: User) -> None:
        services.request_erasure(user=anna, origin=Erasure.Origin.OWNER, actor=anna, delay=timedelta(0))

        verbs = Entry.objects.filter(object_id=str(anna.pk)).order_by("pk").values_list("verb", "actor_id")
        assert list(verbs) == [("accounts.user.erasure_requested", anna.pk), ("accounts.user.erased", None)]
