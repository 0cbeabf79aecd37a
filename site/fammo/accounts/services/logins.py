"""Getting in: with a password here, with Google's word in ``google``."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.db import transaction

from fammo.accounts.errors import BadCredentials
from fammo.accounts.models import User
from fammo.accounts.tokens import TokenPair

from .erasures import cancel_erasure
from .sessions import start_session


def log_in(*, email: str, password: str, device: str = "", wants_rotation: bool = False) -> TokenPair:
    """A pair of tokens for the right password of an active account; else ``BadCredentials`` or ``TooManyAttempts``.

    Attempts are counted before they are weighed (``backends.GuardedBackend``), so a burst of simultaneous guesses is no way
    around the limit. An unknown address costs the same hashing as a known one.
    """
    user = authenticate(None, email=email, password=password)
    if not isinstance(user, User):
        raise BadCredentials
    return let_in(user=user, device=device, wants_rotation=wants_rotation)


@transaction.atomic
def let_in(*, user: User, device: str, wants_rotation: bool) -> TokenPair:
    """A login of somebody who proved who they are. It calls a waiting erasure off: whoever comes back wants to stay."""
    if not User.objects.select_for_update().filter(pk=user.pk).exists():  # erased while the password was being weighed
        raise BadCredentials
    cancel_erasure(user=user, actor=user)
    return start_session(user=user, device=device, wants_rotation=wants_rotation)
