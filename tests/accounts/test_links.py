from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from fammo.accounts import links
from fammo.accounts.errors import LinkExpired, LinkInvalid, LinkSuperseded, LinkUsed
from fammo.accounts.models import MailLink, User
from tests.factories import accounts

pytestmark = pytest.mark.django_db

PURPOSE = "tests.open_door"


def issue(user: User, subject: str = "") -> MailLink:
    return links.issue_link(user=user, purpose=PURPOSE, subject=subject, lifetime=timedelta(hours=1))


def test_a_link_works_once(anna: User) -> None:
    token = issue(anna, subject="7").token

    link = links.redeem_link(token=token, purpose=PURPOSE, uid=links.uid_of(anna))

    assert (link.user, link.subject) == (anna, "7")
    with pytest.raises(LinkUsed):
        links.redeem_link(token=token, purpose=PURPOSE)


def test_looking_does_not_use_a_link_up(anna: User) -> None:
    token = issue(anna).token

    assert links.check_link(token=token, purpose=PURPOSE) == links.check_link(token=token, purpose=PURPOSE)
    assert links.redeem_link(token=token, purpose=PURPOSE).used_at is not None


def test_the_token_is_not_in_the_database(anna: User) -> None:
    link = issue(anna)
    stored = " ".join(str(value) for value in MailLink.objects.values_list().get(pk=link.pk))

    assert link.token[22:] not in stored
    assert len(link.token) == 65


@pytest.mark.parametrize("position", [0, 21, 22, 40, 64])
def test_a_forged_token_is_refused(anna: User, position: int) -> None:
    token = issue(anna).token
    forged = token[:position] + ("A" if token[position] != "A" else "B") + token[position + 1 :]

    with pytest.raises(LinkInvalid):
        links.redeem_link(token=forged, purpose=PURPOSE)


@pytest.mark.parametrize("token", ["", "x", "ä" * 65, "!" * 65, "A" * 22, "A" * 5000, "\x00" * 65])
def test_nonsense_is_refused(anna: User, token: str) -> None:
    with pytest.raises(LinkInvalid):
        links.redeem_link(token=token, purpose=PURPOSE)


def test_a_token_with_something_behind_it_is_refused(anna: User) -> None:
    with pytest.raises(LinkInvalid):
        links.redeem_link(token=issue(anna).token + "A", purpose=PURPOSE)


def test_a_link_is_good_for_its_purpose_only(anna: User) -> None:
    token = issue(anna).token

    with pytest.raises(LinkInvalid):
        links.redeem_link(token=token, purpose="tests.open_window")
    assert links.redeem_link(token=token, purpose=PURPOSE)


def test_a_link_is_good_for_its_user_only(anna: User, outsider: User) -> None:
    with pytest.raises(LinkInvalid):
        links.redeem_link(token=issue(anna).token, purpose=PURPOSE, uid=links.uid_of(outsider))


def test_a_link_expires(anna: User) -> None:
    token = issue(anna).token

    with time_machine.travel(timezone.now() + timedelta(minutes=61)), pytest.raises(LinkExpired):
        links.redeem_link(token=token, purpose=PURPOSE)


def test_the_newest_link_wins(anna: User) -> None:
    first, second = issue(anna), issue(anna)

    with pytest.raises(LinkSuperseded):
        links.redeem_link(token=first.token, purpose=PURPOSE)
    assert links.redeem_link(token=second.token, purpose=PURPOSE) == second


def test_links_about_other_things_stay_good(anna: User, outsider: User) -> None:
    kept = [issue(anna, subject="1"), issue(outsider)]
    issue(anna, subject="2")

    assert [links.redeem_link(token=link.token, purpose=PURPOSE) for link in kept] == kept


def test_database_refuses_two_open_links(anna: User) -> None:
    link = issue(anna)

    with pytest.raises(IntegrityError), transaction.atomic():
        MailLink.objects.create(user=anna, purpose=PURPOSE, expires_at=link.expires_at)


def test_another_secret_key_makes_old_links_worthless(anna: User, settings: object) -> None:
    token = issue(anna).token
    settings.SECRET_KEY = "another-" + "k" * 40  # type: ignore[attr-defined]

    with pytest.raises(LinkInvalid):
        links.redeem_link(token=token, purpose=PURPOSE)


def test_of_two_who_saw_an_open_link_one_redeems_it(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    token = issue(anna).token
    look = links.check_link

    def somebody_else_is_faster(**kwargs: str) -> MailLink:
        link = look(**kwargs)
        MailLink.objects.filter(pk=link.pk).update(used_at=timezone.now())
        return link

    monkeypatch.setattr(links, "check_link", somebody_else_is_faster)

    with pytest.raises(LinkUsed):
        links.redeem_link(token=token, purpose=PURPOSE)


@pytest.mark.parametrize("change", [{"password": "!"}, {"email": "other@fammo.example"}])
def test_a_link_vouches_for_the_credentials_it_was_made_for(anna: User, change: dict[str, str]) -> None:
    token = issue(anna).token
    User.objects.filter(pk=anna.pk).update(**change)

    with pytest.raises(LinkExpired):
        links.redeem_link(token=token, purpose=PURPOSE)


def test_a_better_hash_of_the_same_password_ends_no_link(anna: User, settings: Any) -> None:
    token, old_hash = issue(anna).token, anna.password
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", *settings.PASSWORD_HASHERS]

    assert anna.check_password(accounts.PASSWORD)
    assert User.objects.get(pk=anna.pk).password != old_hash
    assert links.redeem_link(token=token, purpose=PURPOSE)
