"""Signing in with Google: the same answer as with a password, for the same accounts."""

from __future__ import annotations

import uuid

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from fammo.accounts import google
from fammo.accounts.audit import Verb, record
from fammo.accounts.errors import BadCredentials
from fammo.accounts.google import GoogleAccount
from fammo.accounts.models import GoogleIdentity, User
from fammo.accounts.signals import address_confirmed
from fammo.accounts.tokens import TokenPair
from fammo.common import languages
from fammo.mail.services import send_mail

from .logins import let_in


def log_in_with_google(
    *,
    id_token: str,
    device: str = "",
    wants_rotation: bool = False,
    language: str = languages.DEFAULT_CODE,
    device_id: uuid.UUID | None = None,
) -> TokenPair:
    """A pair of tokens for the account of a Google ID token; a new person gets an account without a password.

    Raises the errors of ``google.read_id_token``, and ``BadCredentials`` for a deactivated account or another person's address.
    """
    account = google.read_id_token(id_token)
    try:
        user = _recognise(account, language, device_id)
    except IntegrityError:
        user = _recognise(account, language, device_id)  # the same person signed up elsewhere at this moment: now they are known
    return let_in(user=user, device=device, wants_rotation=wants_rotation)


@transaction.atomic
def _recognise(account: GoogleAccount, language: str, device_id: uuid.UUID | None) -> User:
    identity = GoogleIdentity.objects.filter(subject=account.subject).first()
    email = User.normalise_email(account.email)
    known = User.objects.filter(pk=identity.user_id) if identity else User.objects.filter(email=email)
    user = known.select_for_update(of=("self",)).select_related("profile").first()
    if user is None:
        user = _sign_up(account, email, language, device_id)
    elif user.awaits_confirmation:
        _confirm(user, device_id)
    if not user.is_active:
        raise BadCredentials
    if identity is None:
        _link(user, account)
    return user


def _sign_up(account: GoogleAccount, email: str, language: str, device_id: uuid.UUID | None) -> User:
    user = User.objects.create_with_hash(
        email, make_password(None), language=language, is_active=True, first_name=account.first_name, last_name=account.last_name
    )
    record(Verb.REGISTERED, user=user, actor=user)
    address_confirmed.send(sender=User, user=user, device_id=device_id)
    return user


def _confirm(user: User, device_id: uuid.UUID | None) -> None:
    """Google proved the mailbox. A password that somebody signed up with is not proved by that, so it goes (docs/decisions/0007)."""
    user.set_unusable_password()
    user.save(update_fields=["password", *user.confirm_address()])
    record(Verb.ACTIVATED, user=user, actor=user)
    address_confirmed.send(sender=User, user=user, device_id=device_id)


def _link(user: User, account: GoogleAccount) -> None:
    """From now on Google's id tells; another Google account with the same address is another person."""
    if GoogleIdentity.objects.filter(user=user).exists():
        raise BadCredentials
    GoogleIdentity.objects.create(user=user, subject=account.subject)
    record(Verb.GOOGLE_LINKED, user=user, actor=user)
    send_mail(kind="accounts.google_linked", to=user.email, language=user.profile.preferred_language, context={"user_id": user.pk})
