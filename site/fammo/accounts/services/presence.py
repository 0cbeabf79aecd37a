"""Whether somebody who holds a token is really there, before what cannot be taken back."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.utils import timezone

from fammo.accounts import limits
from fammo.accounts.errors import PresenceRequired, WrongPassword
from fammo.accounts.models import Session, User

FRESH = timedelta(minutes=10)


def require_presence(*, user: User, password: str | None, session_id: uuid.UUID | None) -> None:
    """The right password, or a login of the last ten minutes (the way of people who sign in with Google and have none).

    Raises ``WrongPassword``, ``TooManyAttempts`` and ``PresenceRequired``.
    """
    if password:
        limits.count_login_attempt(user.email)
        if not user.check_password(password):
            raise WrongPassword(fields={"password": [WrongPassword.message]})
        limits.forget_login_attempts(user.email)
    elif session_id is None or not Session.objects.filter(pk=session_id, user=user, created_at__gt=timezone.now() - FRESH).exists():
        raise PresenceRequired
