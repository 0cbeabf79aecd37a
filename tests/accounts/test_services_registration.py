"""Sign-up and activation, and how little they tell (design D10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from fammo.accounts import links, services
from fammo.accounts.errors import LinkExpired, LinkInvalid, LinkSuperseded, LinkUsed
from fammo.accounts.models import MailLink, User
from fammo.accounts.purposes import ACTIVATE
from fammo.accounts.services import registration
from fammo.audit.models import Entry
from fammo.common.errors import InvalidInput
from fammo.mail.models import OutgoingMail
from tests.factories import accounts

Mails = Callable[[], list[EmailMessage]]
SECRET = "a quiet garden 7"


def sign_up(email: str = "new@fammo.example", password: str = SECRET, **kwargs: object) -> services.Registration:
    return services.register_user(email=email, password=password, **kwargs)  # type: ignore[arg-type]


@pytest.mark.django_db
class TestSigningUp:
    def test_a_stranger_becomes_an_unconfirmed_user_with_a_mail(self, delivered: Mails) -> None:
        registration = sign_up(" New@Fammo.example", language="fi")

        user = User.objects.get()
        assert registration == services.Registration(user_id=user.pk, email="new@fammo.example", user=user)
        assert user.awaits_confirmation
        assert user.check_password(SECRET)
        assert user.profile.preferred_language == "fi"
        (mail,) = delivered()
        assert mail.to == ["new@fammo.example"]
        assert f"http://testserver/activate/{links.uid_of(user)}/{MailLink.objects.get().token}/" in mail.body

    def test_it_is_in_the_log_without_the_address(self) -> None:
        user = sign_up().user

        entry = Entry.objects.get()
        assert (entry.verb, entry.actor, entry.object_id) == ("accounts.user.registered", user, str(user.pk))  # type: ignore[union-attr]
        assert user.email not in str(vars(entry))  # type: ignore[union-attr]

    @pytest.mark.parametrize("password", ["short", "password123", "new@fammo.example"])
    def test_a_weak_password_is_refused(self, password: str) -> None:
        with pytest.raises(InvalidInput) as refusal:
            sign_up(password=password)

        assert list(refusal.value.fields) == ["password"]
        assert not User.objects.exists()
        assert not OutgoingMail.objects.exists()

    def test_without_its_own_mail_for_callers_who_send_theirs(self) -> None:
        user = sign_up(has_activation_mail=False).user

        assert not OutgoingMail.objects.exists()
        assert services.confirm_user(user=user).is_active  # type: ignore[arg-type]


@pytest.mark.django_db
class TestKnownAddresses:
    def test_the_owner_of_a_confirmed_one_is_told_once_and_nothing_changes(self, anna: User, delivered: Mails) -> None:
        answers = [sign_up("ANNA@fammo.example") for _ in range(3)]

        assert all(answer.email == anna.email and answer.user is None and answer.user_id != anna.pk for answer in answers)
        assert len({answer.user_id for answer in answers}) == 3
        anna.refresh_from_db()
        assert anna.check_password(accounts.PASSWORD)
        assert [mail.subject for mail in delivered()] == ["You already have a Fammo account"]

    def test_a_deactivated_one_is_not_revived(self, delivered: Mails) -> None:
        user = accounts.deactivated("gone@fammo.example")

        sign_up("gone@fammo.example")
        services.request_activation(email="gone@fammo.example")
        services.request_password_reset(email="gone@fammo.example")

        assert not services.confirm_user(user=user).is_active
        assert [mail.subject for mail in delivered()] == ["You already have a Fammo account"]

    def test_the_same_password_again_sends_another_link_in_the_new_language(self) -> None:
        user = sign_up().user
        first = MailLink.objects.get().token

        with time_machine.travel(timezone.now() + timedelta(minutes=2)):
            again = sign_up(language="tr")
            newest = MailLink.objects.open().get()
            with pytest.raises(LinkSuperseded):
                services.activate_user(token=first)
            activated = services.activate_user(token=newest.token)

        assert again.user is None
        assert again.user_id != user.pk  # type: ignore[union-attr]
        assert activated == user
        assert activated.check_password(SECRET)
        assert activated.profile.preferred_language == "tr"

    def test_the_same_password_within_the_minute_sends_nothing_more(self) -> None:
        sign_up()
        sign_up()

        assert services.activate_user(token=MailLink.objects.get().token).check_password(SECRET)
        assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db
class TestTwoPasswordsForOneMailbox:
    """The owner and a stranger, in either order: only what is chosen through the mailbox counts (decision 0007)."""

    @pytest.mark.parametrize("pause", [timedelta(0), timedelta(minutes=2), timedelta(days=8)])
    @pytest.mark.parametrize("purpose", [ACTIVATE, "clinics.confirm_email"])
    def test_links_of_the_first_confirm_nothing_any_more(self, purpose: str, pause: timedelta) -> None:
        user = sign_up(has_activation_mail=False).user
        assert user is not None
        link = links.issue_link(user=user, purpose=purpose, lifetime=timedelta(days=30))

        with time_machine.travel(timezone.now() + pause):
            sign_up(password="an intruder's 8")
            with pytest.raises((LinkExpired, LinkSuperseded)):
                links.redeem_link(token=link.token, purpose=purpose)

        user.refresh_from_db()
        assert user.awaits_confirmation
        assert not user.has_usable_password()

    def test_a_link_made_at_a_later_delivery_activates_neither_password(self) -> None:
        user = sign_up(has_activation_mail=False).user
        assert user is not None
        sign_up(password="an intruder's 8")

        link = links.issue_link(user=user, purpose="clinics.confirm_email", lifetime=timedelta(days=7))
        confirmed = services.confirm_user(user=links.redeem_link(token=link.token, purpose="clinics.confirm_email").user)

        assert confirmed.is_active
        assert not any(confirmed.check_password(password) for password in (SECRET, "an intruder's 8"))

    def test_the_mail_leads_to_choosing_a_password(self, delivered: Mails) -> None:
        user = sign_up(has_activation_mail=False).user
        sign_up(password="an intruder's 8")
        sign_up(password="a third one, 9")

        (mail,) = delivered()
        link = MailLink.objects.get()
        assert f"{reverse('accounts:reset-password', kwargs={'uid': links.uid_of(link.user), 'token': link.token})}" in mail.body
        owner = services.reset_password(token=link.token, new_password="the owner's own 10")
        assert owner == user
        assert owner.is_active
        assert owner.check_password("the owner's own 10")

    def test_asking_for_the_activation_mail_leads_there_too(self, delivered: Mails) -> None:
        sign_up(has_activation_mail=False)
        sign_up(password="an intruder's 8")
        services.request_activation(email="new@fammo.example")

        assert all("/reset-password/" in mail.body and "/activate/" not in mail.body for mail in delivered())
        assert len(delivered()) == 2

    def test_an_account_that_moves_under_our_eyes_is_looked_at_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sign_up()
        compare, others = registration.check_password, ["an intruder's 8"]

        def slowly(password: str, encoded: str) -> bool:
            if others:
                sign_up(password=others.pop())
            return compare(password, encoded)

        monkeypatch.setattr(registration, "check_password", slowly)
        sign_up()

        assert not User.objects.get().has_usable_password()


@pytest.mark.django_db
class TestActivation:
    def test_the_link_activates_once(self) -> None:
        sign_up()
        token = MailLink.objects.get().token

        user = services.activate_user(token=token)

        assert user.is_active
        assert user.email_confirmed_at is not None
        with pytest.raises(LinkUsed):
            services.activate_user(token=token)

    def test_a_deactivated_account_is_not_activated_by_its_old_link(self) -> None:
        user = accounts.deactivated()
        link = links.issue_link(user=user, purpose=ACTIVATE, lifetime=timedelta(days=1))

        with pytest.raises(LinkInvalid):
            services.activate_user(token=link.token)
        user.refresh_from_db()
        assert not user.is_active

    def test_asking_again_sends_a_new_link_that_replaces_the_first(self, delivered: Mails) -> None:
        sign_up()
        delivered()
        first = MailLink.objects.get()
        services.request_activation(email="new@fammo.example", language="en")

        mails = delivered()

        assert len(mails) == 2
        newest = MailLink.objects.open().get()
        assert newest != first
        assert newest.token in mails[1].body

    @pytest.mark.parametrize("email", ["anna@fammo.example", "nobody@fammo.example"])
    def test_asking_for_nothing_sends_nothing(self, anna: User, email: str, delivered: Mails) -> None:
        services.request_activation(email=email)

        assert delivered() == []
        assert OutgoingMail.objects.get().state == OutgoingMail.State.DROPPED

    def test_a_mailbox_is_not_flooded(self, limits: Callable[..., None]) -> None:
        limits(account_mail="1/minute")

        for _ in range(20):
            services.request_activation(email="new@fammo.example")

        assert OutgoingMail.objects.count() == 1
