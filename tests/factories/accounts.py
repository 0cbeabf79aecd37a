"""People and their logins."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.contrib.auth.models import Permission
from django.utils import timezone
from rest_framework.test import APIClient

from fammo.accounts import services
from fammo.accounts.models import User
from fammo.accounts.tokens import TokenPair

PASSWORD = "correct horse 41"

_numbers = count(1)


def person(email: str = "", *, password: str = PASSWORD, **fields: Any) -> User:
    """Somebody with a confirmed address."""
    return User.objects.create_user(email or f"person-{next(_numbers)}@fammo.example", password, **{"is_active": True} | fields)


def unconfirmed(email: str = "", **fields: Any) -> User:
    """Somebody who signed up and has not followed the link yet."""
    return person(email, is_active=False, **fields)


def deactivated(email: str = "", **fields: Any) -> User:
    """Somebody whose account staff put out of use."""
    return person(email, is_active=False, email_confirmed_at=timezone.now(), **fields)


def superuser(email: str = "") -> User:
    return User.objects.create_superuser(email or f"admin-{next(_numbers)}@fammo.example", PASSWORD)


def login(user: User, *, rotation: bool = False, device: str = "Phone") -> TokenPair:
    return services.start_session(user=user, device=device, wants_rotation=rotation)


def bearer(pair: TokenPair) -> APIClient:
    """A client that sends this login's access token."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {pair.access}")
    return client


def client_of(user: User) -> APIClient:
    """A client of somebody who is logged in."""
    return bearer(login(user))


def grant(user: User, *permissions: str) -> User:
    """Gives the person permissions by their full names (``audit.view_entry``)."""
    for name in permissions:
        app, _, codename = name.partition(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return User.objects.get(pk=user.pk)
