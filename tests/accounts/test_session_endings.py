"""Whatever ends a person's logins ends them on the next request: access and refresh token, rotating or not, and the admin's session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from fammo.accounts import links, services
from fammo.accounts.errors import TokenRefused
from fammo.accounts.models import EmailChange, Erasure, Session, User
from fammo.accounts.purposes import EMAIL_NEW, EMAIL_OLD, RESET_PASSWORD
from tests.factories import accounts

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NEW = "another horse 42"


def change_password(user: User) -> None:
    services.change_password(user=user, current_password=accounts.PASSWORD, new_password=NEW)


def reset_password(user: User) -> None:
    link = links.issue_link(user=user, purpose=RESET_PASSWORD, lifetime=HOUR)
    services.reset_password(token=link.token, new_password=NEW)


def change_email(user: User) -> None:
    change = EmailChange.objects.create(user=user, old_email=user.email, new_email="new@fammo.example", expires_at=timezone.now() + HOUR)
    for purpose in (EMAIL_OLD, EMAIL_NEW):
        link = links.issue_link(user=user, purpose=purpose, subject=str(change.pk), lifetime=HOUR)
        services.confirm_email_change(token=link.token, purpose=purpose)


def deactivate(user: User) -> None:
    services.set_active(user=user, is_active=False, actor=user)


def ask_for_deletion(user: User) -> None:
    services.request_erasure(user=user, origin=Erasure.Origin.OWNER, actor=user)


def delete(user: User) -> None:
    services.request_erasure(user=user, origin=Erasure.Origin.OPERATOR, actor=None, delay=timedelta(0))


def log_out_everywhere(user: User) -> None:
    services.end_sessions(user=user, reason=Session.EndReason.LOGOUT_ALL)


def end_as_staff(user: User) -> None:
    services.end_sessions_as_staff(user=user, actor=user)


def change_the_hash_behind_our_back(user: User) -> None:
    """As Django's changepassword command does: no service is asked."""
    user.set_password(NEW)
    user.save()


APP_EVENTS = (
    change_password,
    reset_password,
    change_email,
    deactivate,
    ask_for_deletion,
    delete,
    log_out_everywhere,
    end_as_staff,
    change_the_hash_behind_our_back,
)
ADMIN_EVENTS = (change_password, reset_password, change_email, deactivate, ask_for_deletion, delete, change_the_hash_behind_our_back)


@pytest.mark.parametrize("rotation", [False, True], ids=["kept", "rotating"])
@pytest.mark.parametrize("event", APP_EVENTS)
def test_no_token_outlives_the_event(anna: User, outsider: User, event: Callable[[User], None], rotation: bool) -> None:
    phones = [accounts.login(anna, rotation=rotation) for _ in range(2)]
    clients: list[APIClient] = [accounts.bearer(pair) for pair in phones]
    somebody_else = accounts.client_of(outsider)
    assert {client.get("/api/v1/me/").status_code for client in clients} == {200}

    event(User.objects.get(pk=anna.pk))

    assert {client.get("/api/v1/me/").status_code for client in clients} == {401}
    for pair in phones:
        with pytest.raises(TokenRefused):
            services.refresh_tokens(refresh=pair.refresh or "")
    assert somebody_else.get("/api/v1/me/").status_code == 200


@pytest.mark.parametrize("event", ADMIN_EVENTS)
def test_no_session_of_the_admin_outlives_it_either(client: Client, event: Callable[[User], None]) -> None:
    boss = accounts.superuser("boss@fammo.example")
    client.force_login(boss)
    assert client.get("/admin/").status_code == 200

    event(User.objects.get(pk=boss.pk))

    assert client.get("/admin/").status_code == 302
