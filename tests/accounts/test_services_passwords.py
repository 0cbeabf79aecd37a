from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.utils import timezone

from fammo.accounts import links, services
from fammo.accounts.errors import BadCredentials, LinkExpired, LinkInvalid, LinkUsed, TooManyAttempts, WrongPassword
from fammo.accounts.models import MailLink, Session, User
from fammo.accounts.purposes import ACTIVATE
from fammo.accounts.services import passwords
from fammo.common.errors import InvalidInput
from tests.factories import accounts

pytestmark = pytest.mark.django_db

Mails = Callable[[], list[EmailMessage]]
NEW = "a brand new garden 9"
WRONG = "not the password"


@pytest.fixture
def token(anna: User, delivered: Mails) -> str:
    """That of the reset mail which Anna asked for."""
    services.request_password_reset(email=" ANNA@fammo.example")
    (mail,) = delivered()
    token = MailLink.objects.get().token
    assert f"http://testserver/reset-password/{links.uid_of(anna)}/{token}/" in mail.body
    mail_count = len(delivered())
    assert mail_count == 1
    return token


def test_reset_sets_the_password_ends_every_login_and_tells_the_owner(anna: User, token: str, delivered: Mails) -> None:
    accounts.login(anna)

    services.reset_password(token=token, uid=links.uid_of(anna), new_password=NEW)

    anna.refresh_from_db()
    assert anna.check_password(NEW)
    assert Session.objects.get().ended_reason == Session.EndReason.CREDENTIALS
    assert [mail.subject for mail in delivered()[1:]] == ["Your Fammo password has been changed"]
    with pytest.raises(LinkUsed):
        services.reset_password(token=token, new_password=NEW)


def test_a_weak_password_does_not_use_the_link_up(anna: User, token: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        services.reset_password(token=token, new_password="short")

    assert list(refusal.value.fields) == ["new_password"]
    assert services.reset_password(token=token, new_password=NEW) == anna


def test_reset_link_expires_after_two_hours(token: str) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=2, minutes=1)), pytest.raises(LinkExpired):
        services.reset_password(token=token, new_password=NEW)


def test_reset_link_is_refused_for_somebody_else(outsider: User, token: str) -> None:
    with pytest.raises(LinkInvalid):
        services.reset_password(token=token, uid=links.uid_of(outsider), new_password=NEW)


def test_an_activation_link_resets_nothing(anna: User) -> None:
    link = links.issue_link(user=anna, purpose=ACTIVATE, lifetime=timedelta(days=1))

    with pytest.raises(LinkInvalid):
        services.reset_password(token=link.token, new_password=NEW)


def test_reset_is_refused_when_the_account_was_deactivated_meanwhile(anna: User, token: str) -> None:
    User.objects.filter(pk=anna.pk).update(is_active=False)

    with pytest.raises(LinkInvalid):
        services.reset_password(token=token, new_password=NEW)
    anna.refresh_from_db()
    assert anna.check_password(accounts.PASSWORD)


def test_reset_confirms_who_never_followed_the_activation_link(delivered: Mails) -> None:
    user = accounts.unconfirmed("late@fammo.example")
    services.request_password_reset(email=user.email)
    delivered()

    services.reset_password(token=MailLink.objects.get().token, new_password=NEW)

    user.refresh_from_db()
    assert user.is_active
    assert user.email_confirmed_at is not None


def test_nobody_gets_a_mail_for_an_unknown_address(delivered: Mails) -> None:
    services.request_password_reset(email="nobody@fammo.example")

    assert delivered() == []


def test_the_mail_of_an_older_request_does_not_come_with_a_dead_link(anna: User, delivered: Mails) -> None:
    services.request_password_reset(email=anna.email)
    services.request_password_reset(email=anna.email)

    mails = delivered()

    newest = MailLink.objects.open().get()
    assert sum(newest.token in mail.body for mail in mails) == 1


def test_change_ends_every_login_and_gives_one_in_return(anna: User, delivered: Mails) -> None:
    accounts.login(anna, rotation=True, device="Tablet")
    old = Session.objects.get()

    pair = services.change_password(user=anna, current_password=accounts.PASSWORD, new_password=NEW, session_id=old.pk)

    (alive,) = Session.objects.alive()
    assert (alive.device, alive.wants_rotation) == ("Tablet", True)
    assert services.refresh_tokens(refresh=pair.refresh or "").refresh
    assert [mail.subject for mail in delivered()] == ["Your Fammo password has been changed"]


def test_change_with_a_wrong_password_is_refused(anna: User) -> None:
    accounts.login(anna)

    with pytest.raises(WrongPassword):
        services.change_password(user=anna, current_password="wrong", new_password=NEW)
    anna.refresh_from_db()
    assert anna.check_password(accounts.PASSWORD)
    assert Session.objects.alive().exists()


def test_change_to_a_weak_password_is_refused(anna: User) -> None:
    with pytest.raises(InvalidInput):
        services.change_password(user=anna, current_password=accounts.PASSWORD, new_password=anna.email)


class TestLimits:
    @pytest.fixture(autouse=True)
    def three(self, limits: Callable[..., None]) -> None:
        limits(login_attempts="3/15minutes")

    def guess(self, email: str, password: str = WRONG) -> None:
        services.log_in(email=email, password=password)

    @pytest.mark.parametrize("email", ["anna@fammo.example", "nobody@fammo.example"])
    def test_after_three_guesses_none_is_weighed(self, anna: User, email: str) -> None:
        for _ in range(3):
            with pytest.raises(BadCredentials):
                self.guess(email)

        for password in ("wrong", accounts.PASSWORD):
            with pytest.raises(TooManyAttempts) as refusal:
                self.guess(email, password)
            assert 0 < (refusal.value.retry_after_seconds or 0) <= 30 * 60

    def test_spelling_the_address_otherwise_is_no_way_around(self, anna: User) -> None:
        for email in ("anna@fammo.example", "ANNA@fammo.example", " Anna@Fammo.Example "):
            with pytest.raises(BadCredentials):
                self.guess(email)

        with pytest.raises(TooManyAttempts):
            self.guess("anna@FAMMO.example")

    def test_another_account_is_not_limited(self, anna: User, outsider: User) -> None:
        for _ in range(3):
            with pytest.raises(BadCredentials):
                self.guess(outsider.email)

        self.guess(anna.email, accounts.PASSWORD)

    def test_logging_in_rightly_starts_anew(self, anna: User) -> None:
        for _ in range(4):
            with pytest.raises(BadCredentials):
                self.guess(anna.email)
            self.guess(anna.email, accounts.PASSWORD)

    def test_the_account_opens_again_by_itself(self, anna: User, environment: Callable[..., None]) -> None:
        environment(redis_url="")  # Redis keeps its own clock, which no test can turn
        for _ in range(3):
            with pytest.raises(BadCredentials):
                self.guess(anna.email)

        with time_machine.travel(timezone.now() + timedelta(minutes=31)):
            self.guess(anna.email, accounts.PASSWORD)

    def test_a_password_reset_opens_it_at_once(self, anna: User, token: str) -> None:
        for _ in range(3):
            with pytest.raises(BadCredentials):
                self.guess(anna.email)

        services.reset_password(token=token, new_password=NEW)

        self.guess(anna.email, NEW)

    def test_changing_the_password_counts_guesses_too(self, anna: User) -> None:
        for _ in range(3):
            with pytest.raises(WrongPassword):
                services.change_password(user=anna, current_password="wrong", new_password=NEW)

        with pytest.raises(TooManyAttempts):
            services.change_password(user=anna, current_password=accounts.PASSWORD, new_password=NEW)


def test_old_password_loses_to_a_new_one_that_came_while_it_was_weighed(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts.login(anna)

    def meanwhile(*args: object, **kwargs: object) -> None:
        recovered = User.objects.get(pk=anna.pk)
        recovered.set_password(NEW)
        recovered.save()

    monkeypatch.setattr(passwords, "validate_new_password", meanwhile)
    with pytest.raises(WrongPassword):
        services.change_password(user=anna, current_password=accounts.PASSWORD, new_password="a thief's garden 3")

    assert User.objects.get(pk=anna.pk).check_password(NEW)
    assert Session.objects.count() == 1
