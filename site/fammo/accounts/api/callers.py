"""What accounts tell the API about whoever calls: whether the token's login is alive, and the person's own language."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, cast

from django.utils import timezone
from rest_framework.request import Request
from rest_framework_simplejwt.tokens import Token

from fammo.accounts import selectors
from fammo.accounts.models import Session, User
from fammo.accounts.tokens import SESSION_CLAIM
from fammo.api.authentication import register_person_of
from fammo.api.language import register_user_language

# How exact "last used" is; more often, every read would be a write.
LAST_USE_PRECISION = timedelta(hours=1)


@register_person_of
def person_of(token: Token) -> User | None:
    """One query, whatever the answer: the login with its person and profile."""
    session_id = session_id_of(token)
    session = selectors.living_session(session_id) if session_id else None
    if session is None or str(session.user_id) != str(token.get("user_id")):
        return None
    now = timezone.now()
    if session.last_used_at < now - LAST_USE_PRECISION:
        Session.objects.filter(pk=session.pk).update(last_used_at=now)
    user: User = session.user
    return user


@register_user_language
def language_of(user: Any) -> str | None:
    """The person's own language."""
    profile = getattr(user, "profile", None)
    return profile.preferred_language if profile else None


def caller(request: Request) -> User:
    """The person behind a request that its view lets in only with a token."""
    return cast("User", request.user)


def session_id_of(token: Any) -> uuid.UUID | None:
    """Which login the token belongs to; None without one."""
    try:
        return uuid.UUID(token[SESSION_CLAIM])
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
