"""Staying logged in (design D9): rotation, the grace window, and copies of tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import jwt
import pytest
import time_machine
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from fammo.accounts import services
from fammo.accounts.errors import TokenRefused
from fammo.accounts.models import MailLink, Session, User
from fammo.accounts.services import sessions as session_services
from fammo.accounts.tokens import RefreshClaims, TokenPair
from tests.factories import accounts

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
Mails = Callable[[], list[EmailMessage]]


def refresh(token: str | None) -> TokenPair:
    assert token
    return services.refresh_tokens(refresh=token)


def claims_of(token: str | None) -> dict[str, object]:
    return jwt.decode(token or "", options={"verify_signature": False})


@pytest.mark.django_db
class TestClaims:
    def test_access_token_says_what_the_documents_say(self, anna: User) -> None:
        claims = claims_of(accounts.login(anna).access)

        assert list(claims) == ["token_type", "user_id", "email", "exp", "iat", "jti", "sid", "aud", "iss"]
        assert claims["user_id"] == anna.pk
        assert claims["email"] == anna.email
        assert claims["exp"] - claims["iat"] == 15 * 60  # type: ignore[operator]
        assert claims["sid"] == str(Session.objects.get().pk)

    def test_refresh_token_lives_as_long_as_its_session(self, anna: User) -> None:
        claims = claims_of(accounts.login(anna).refresh)

        assert claims["token_type"] == "refresh"
        assert datetime.fromtimestamp(claims["exp"], UTC) == Session.objects.get().expires_at  # type: ignore[arg-type]


@pytest.mark.django_db
class TestWithoutRotation:
    def test_a_refresh_token_may_be_used_again_and_again(self, anna: User) -> None:
        pair = accounts.login(anna)

        answers = [refresh(pair.refresh) for _ in range(3)]

        assert {answer.refresh for answer in answers} == {None}
        assert len({answer.access for answer in answers}) == 3
        assert Session.objects.get().is_alive()

    def test_it_ends_when_it_expires(self, anna: User) -> None:
        pair = accounts.login(anna)

        with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)), pytest.raises(TokenRefused):
            refresh(pair.refresh)

    def test_always_makes_everybody_rotate(self, anna: User, environment: Callable[..., None]) -> None:
        pair = accounts.login(anna)
        environment(refresh_rotation="always")

        assert refresh(pair.refresh).refresh is not None

    def test_never_lets_nobody_rotate(self, anna: User, environment: Callable[..., None]) -> None:
        pair = accounts.login(anna, rotation=True)
        environment(refresh_rotation="never")

        assert refresh(pair.refresh).refresh is None


@pytest.mark.django_db
class TestRotation:
    def test_every_refresh_replaces_the_token_and_prolongs_the_login(self, anna: User) -> None:
        with time_machine.travel(NOW, tick=False):
            first = accounts.login(anna, rotation=True)
        with time_machine.travel(NOW + timedelta(days=6), tick=False):
            second = refresh(first.refresh)

        assert second.refresh not in {None, first.refresh}
        assert Session.objects.get().expires_at == NOW + timedelta(days=13)

    def test_within_the_grace_window_the_old_token_gets_the_very_same_pair(self, anna: User) -> None:
        with time_machine.travel(NOW, tick=False) as clock:
            first = accounts.login(anna, rotation=True)
            second = refresh(first.refresh)
            clock.shift(timedelta(seconds=60))

            assert refresh(first.refresh) == second

    def test_an_answer_overtaken_by_later_ones_is_still_the_same(self, anna: User) -> None:
        """A doubled request can arrive after its own successor was used; no phone may be logged out for that."""
        with time_machine.travel(NOW, tick=False) as clock:
            pairs = [accounts.login(anna, rotation=True)]
            for _ in range(4):
                clock.shift(timedelta(seconds=5))
                pairs.append(refresh(pairs[-1].refresh))

            assert [refresh(pair.refresh) for pair in pairs[:-1]] == pairs[1:]
            assert len(Session.objects.get().rotations) == 4

    def test_a_late_reuse_ends_the_login_and_tells_its_owner(self, anna: User, delivered: Mails) -> None:
        with time_machine.travel(NOW, tick=False) as clock:
            first = accounts.login(anna, rotation=True, device="Anna's phone")
            second = refresh(first.refresh)
            clock.shift(timedelta(seconds=61))

            for token in (first.refresh, first.refresh, second.refresh):
                with pytest.raises(TokenRefused):
                    refresh(token)

        assert Session.objects.get().ended_reason == Session.EndReason.REUSED
        (mail,) = delivered()
        assert mail.to == [anna.email]
        assert "Anna's phone" in mail.body

    def test_a_token_forgotten_by_later_rotations_is_a_late_reuse_too(self, anna: User) -> None:
        with time_machine.travel(NOW, tick=False) as clock:
            first = accounts.login(anna, rotation=True)
            last = first
            for _ in range(3):
                last = refresh(last.refresh)
                clock.shift(timedelta(minutes=5))
            last = refresh(last.refresh)
            assert len(Session.objects.get().rotations) == 1

            with pytest.raises(TokenRefused):
                refresh(first.refresh)
            with pytest.raises(TokenRefused):
                refresh(last.refresh)

    def test_other_logins_of_the_person_go_on(self, anna: User) -> None:
        with time_machine.travel(NOW, tick=False) as clock:
            stolen, tablet = accounts.login(anna, rotation=True), accounts.login(anna, rotation=True)
            refresh(stolen.refresh)
            clock.shift(timedelta(seconds=61))
            with pytest.raises(TokenRefused):
                refresh(stolen.refresh)

            assert refresh(tablet.refresh).refresh

    def test_the_slower_of_two_gets_the_faster_ones_pair(self, anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
        pair = accounts.login(anna, rotation=True)
        look, faster = session_services._living_session, []

        def somebody_is_faster(claims: RefreshClaims) -> Session:
            session = look(claims)
            if not faster:
                faster.append(None)
                faster[0] = refresh(pair.refresh)
            return session

        monkeypatch.setattr(session_services, "_living_session", somebody_is_faster)

        assert refresh(pair.refresh) == faster[0]

    def test_a_login_that_ends_during_its_refresh_is_not_revived(self, anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
        pair = accounts.login(anna, rotation=True)
        look = session_services._living_session

        def ends_meanwhile(claims: RefreshClaims) -> Session:
            session = look(claims)
            services.end_session(session=session, reason=Session.EndReason.LOGOUT)
            return session

        monkeypatch.setattr(session_services, "_living_session", ends_meanwhile)

        with pytest.raises(TokenRefused):
            refresh(pair.refresh)
        assert Session.objects.get().ended_reason == Session.EndReason.LOGOUT


@pytest.mark.django_db
class TestForeignTokens:
    def test_an_access_token_refreshes_nothing(self, anna: User) -> None:
        with pytest.raises(TokenRefused):
            refresh(accounts.login(anna).access)

    @pytest.mark.parametrize(
        "change",
        [
            {"iss": "https://elsewhere.example"},
            {"aud": "another-api"},
            {"token_type": "access"},
            {"exp": 1},
            {"sid": "not a uuid"},
            {"sid": "00000000-0000-4000-8000-000000000000"},
            {"sid": None},
            {"user_id": 7},
            {"user_id": "x"},
        ],
        ids=str,
    )
    def test_a_token_with_wrong_claims_is_refused(self, anna: User, change: dict[str, object]) -> None:
        good = accounts.login(anna).refresh or ""
        claims = jwt.decode(good, settings.SECRET_KEY, algorithms=["HS256"], audience="fammo-api")
        bad = jwt.encode(claims | change, settings.SECRET_KEY, algorithm="HS256")

        with pytest.raises(TokenRefused):
            refresh(bad)
        assert refresh(good)

    def test_an_unsigned_or_otherwise_signed_token_is_refused(self, anna: User) -> None:
        claims = claims_of(accounts.login(anna).refresh)

        for forged in (
            jwt.encode(claims, "", algorithm="none"),
            jwt.encode(claims, "y" * 40, algorithm="HS256"),
            jwt.encode(claims, settings.SECRET_KEY * 2, algorithm="HS512"),
            "a.b.c",
            "",
        ):
            with pytest.raises(TokenRefused):
                services.refresh_tokens(refresh=forged)


@pytest.mark.django_db
class TestEnding:
    def test_ending_twice_ends_once(self, anna: User) -> None:
        accounts.login(anna)
        session = Session.objects.get()

        assert services.end_session(session=session, reason=Session.EndReason.LOGOUT)
        assert not services.end_session(session=session, reason=Session.EndReason.LOGOUT_ALL)
        assert Session.objects.get().ended_reason == Session.EndReason.LOGOUT

    def test_end_sessions_leaves_other_people_alone(self, anna: User, outsider: User) -> None:
        for user in (anna, anna, outsider):
            accounts.login(user)

        assert services.end_sessions(user=anna, reason=Session.EndReason.LOGOUT_ALL) == 2
        assert Session.objects.filter(user=outsider).alive().count() == 1

    def test_what_is_over_for_a_month_is_forgotten(self, anna: User) -> None:
        accounts.login(anna)
        kept = timezone.now() + timedelta(days=7)
        MailLink.objects.create(user=anna, purpose="old", expires_at=timezone.now() - timedelta(days=31))
        MailLink.objects.create(user=anna, purpose="new", expires_at=kept)

        assert services.prune_ended() == 1
        with time_machine.travel(kept + timedelta(days=31)):
            assert services.prune_ended() == 2
