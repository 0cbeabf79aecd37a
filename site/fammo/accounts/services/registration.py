"""From a stranger to a confirmed person."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import check_password, is_password_usable, make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from fammo.accounts import limits, links, selectors
from fammo.accounts.audit import Verb, record
from fammo.accounts.errors import LinkInvalid
from fammo.accounts.models import MailLink, Profile, User, random_user_id
from fammo.accounts.purposes import ACTIVATE, ACTIVATE_LIFETIME, RESET_PASSWORD
from fammo.accounts.signals import address_confirmed
from fammo.common import languages
from fammo.mail.services import send_mail

from .passwords import validate_new_password

MAIL_PAUSE = timedelta(minutes=1)  # between two activation mails to one mailbox
NOTICE_PAUSE = timedelta(hours=1)  # between two mails that somebody tried to sign up with a known address


class _AccountMoved(Exception):
    """The account came or changed between our look at it and the lock."""


class _RehearsalOver(Exception):
    """Undoes a rehearsed sign-up."""


@dataclass(frozen=True, kw_only=True)
class Registration:
    """What a sign-up may be told. ``user`` is None when the address was known already, and only our own code may look at it."""

    user_id: int
    email: str
    user: User | None


def register_user(
    *,
    email: str,
    password: str,
    language: str = languages.DEFAULT_CODE,
    has_activation_mail: bool = True,
    device_id: uuid.UUID | None = None,
) -> Registration:
    """Sign somebody up, unconfirmed. A known address gets the same answer, an id that is nobody's, and its owner a mail (design D10).

    ``has_activation_mail=False`` is for callers whose own mail to a new user ends in ``confirm_user``; ``device_id`` names the
    installation of the app: what was decided there before is the person's once they confirm the address. Raises ``InvalidInput``
    for a weak password.
    """
    email = User.normalise_email(email)
    validate_new_password(password, user=User(email=email))
    password_hash = make_password(password)
    while True:
        stored = User.objects.filter(email=email).values_list("password", flat=True).first()
        # Always compared, if only with itself: the time must not tell whether the address is known.
        is_same = check_password(password, password_hash if stored is None or not is_password_usable(stored) else stored)
        try:
            return _register(email, password_hash, stored, is_same, language, has_activation_mail, device_id)
        except _AccountMoved:
            continue
        except IntegrityError:
            # Somebody else signed the same address up between our look and our insert; now it is a known one.
            if stored is not None or not User.objects.filter(email=email).exists():
                raise


@transaction.atomic
def _register(
    email: str,
    password_hash: str,
    stored: str | None,
    is_same: bool,
    language: str,
    has_activation_mail: bool,
    device_id: uuid.UUID | None,
) -> Registration:
    user = User.objects.select_for_update().filter(email=email).first()
    if (user and user.password) != stored:
        raise _AccountMoved
    if user is not None:
        _rehearse(password_hash, language, has_activation_mail, device_id)
        _meet_again(user, is_same, language)
        return Registration(user_id=random_user_id(), email=email, user=None)
    user = _open_account(email, password_hash, language, has_activation_mail, device_id)
    return Registration(user_id=user.pk, email=email, user=user)


def _open_account(email: str, password_hash: str, language: str, has_activation_mail: bool, device_id: uuid.UUID | None) -> User:
    user = User.objects.create_with_hash(email, password_hash, language=language, signed_up_on=device_id)
    record(Verb.REGISTERED, user=user, actor=user)
    if has_activation_mail:
        _send_activation(user, language)
    return user


def _rehearse(password_hash: str, language: str, has_activation_mail: bool, device_id: uuid.UUID | None) -> None:
    """All that opening an account costs, done and undone, so that the time of an answer does not tell a known address (design D10)."""
    try:
        with transaction.atomic():
            _open_account(f"{uuid.uuid4().hex}@fammo.invalid", password_hash, language, has_activation_mail, device_id)
            raise _RehearsalOver
    except _RehearsalOver:
        pass


def _meet_again(user: User, is_same: bool, language: str) -> None:
    """A sign-up with a known address. Two passwords for one unconfirmed address cancel each other (docs/decisions/0007)."""
    now = timezone.now()
    if not user.awaits_confirmation:
        if not selectors.was_mailed("accounts.already_registered", to=user.email, since=now - NOTICE_PAUSE):
            send_mail(
                kind="accounts.already_registered", to=user.email, language=user.profile.preferred_language, context={"user_id": user.pk}
            )
        return
    if user.has_usable_password() and not is_same:
        # Nobody knows yet whose mailbox it is; links that are on their way are over together with the password, and so is the device.
        user.set_unusable_password()
        user.signed_up_on = None
        user.save(update_fields=["password", "signed_up_on"])
    purpose = _activation_purpose(user)
    if MailLink.objects.filter(user=user, purpose=purpose, created_at__gt=now - MAIL_PAUSE).exists():
        return
    Profile.objects.filter(user=user).update(preferred_language=language)
    _send_activation(user, language)


def _send_activation(user: User, language: str) -> None:
    link = links.issue_link(user=user, purpose=_activation_purpose(user), lifetime=ACTIVATE_LIFETIME)
    send_mail(kind="accounts.activate", to=user.email, language=language, context={"email": user.email, "link_id": str(link.pk)})


def _activation_purpose(user: User) -> str:
    """The link confirms the password that was signed up with; where that was cancelled, it leads to choosing one."""
    return ACTIVATE if user.has_usable_password() else RESET_PASSWORD


def request_activation(*, email: str, language: str = languages.DEFAULT_CODE) -> None:
    """Another activation mail, if there is anything to activate. That is found out at delivery, so nobody can time it here."""
    email = User.normalise_email(email)
    if limits.may_mail(email):
        send_mail(kind="accounts.activate", to=email, language=language, context={"email": email, "link_id": str(uuid.uuid4())})


@transaction.atomic
def activate_user(*, token: str, uid: str | None = None) -> User:
    """Confirm the address with the link of the activation mail; raises the errors of ``links.redeem_link``."""
    link = links.redeem_link(token=token, purpose=ACTIVATE, uid=uid)
    user = confirm_user(user=link.user)
    if not user.is_active:
        raise LinkInvalid
    return user


@transaction.atomic
def confirm_user(*, user: User) -> User:
    """The address is proved to be the person's own. A deactivated account stays deactivated."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.awaits_confirmation:
        device_id = user.signed_up_on
        user.save(update_fields=user.confirm_address())
        record(Verb.ACTIVATED, user=user, actor=user)
        address_confirmed.send(sender=User, user=user, device_id=device_id)
    return user
