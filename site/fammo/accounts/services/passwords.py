"""Choosing, changing and recovering a password."""

from __future__ import annotations

import uuid

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fammo.accounts import limits, links
from fammo.accounts.audit import Verb, record
from fammo.accounts.errors import LinkInvalid, WrongPassword
from fammo.accounts.models import Session, User
from fammo.accounts.purposes import RESET_PASSWORD
from fammo.accounts.tokens import TokenPair
from fammo.common import languages
from fammo.common.errors import InvalidInput
from fammo.mail.services import send_mail

from .sessions import end_sessions, start_session


def validate_new_password(password: str, *, user: User, field: str = "password") -> None:
    """Raises ``InvalidInput`` with every rule of the settings that the password breaks."""
    try:
        validate_password(password, user=user)
    except ValidationError as exc:
        raise InvalidInput(_("Please choose a safer password."), fields={field: exc.messages}) from exc


def request_password_reset(*, email: str, language: str = languages.DEFAULT_CODE) -> None:
    """A mail with a link to a new password, if the address is known. That is found out at delivery, so nobody can time it here."""
    email = User.normalise_email(email)
    if limits.may_mail(email):
        send_mail(kind="accounts.reset_password", to=email, language=language, context={"email": email, "link_id": str(uuid.uuid4())})


def reset_password(*, token: str, new_password: str, uid: str | None = None) -> User:
    """Set the password by the link of the reset mail; every login ends. A refused password does not use the link up.

    Whoever opened the mail has proved the address, so an account that waited for its confirmation is confirmed as well.
    Raises the errors of ``links.redeem_link`` and ``InvalidInput``.
    """
    link = links.check_link(token=token, purpose=RESET_PASSWORD, uid=uid)
    validate_new_password(new_password, user=link.user, field="new_password")
    password_hash = make_password(new_password)
    with transaction.atomic():
        link = links.redeem_link(token=token, purpose=RESET_PASSWORD, uid=uid)
        user = User.objects.select_for_update().get(pk=link.user_id)
        # Whoever chooses a new password need not be who signed up: the device of the sign-up is forgotten.
        columns = user.confirm_address() if user.awaits_confirmation else []
        if not user.is_active:
            raise LinkInvalid
        user.password = password_hash
        user.save(update_fields=["password", *columns])
        tell_and_log_out(user=user, verb=Verb.PASSWORD_RESET, actor=user)
    limits.forget_login_attempts(user.email)
    return user


def change_password(*, user: User, current_password: str, new_password: str, session_id: uuid.UUID | None = None) -> TokenPair:
    """Change the password of somebody who knows the old one. Every login ends; that of ``session_id`` gets a new one in its place.

    Raises ``WrongPassword``, ``TooManyAttempts`` and ``InvalidInput``.
    """
    limits.count_login_attempt(user.email)
    if not user.check_password(current_password):
        raise WrongPassword(fields={"current_password": [WrongPassword.message]})
    validate_new_password(new_password, user=user, field="new_password")
    password_hash = make_password(new_password)
    with transaction.atomic():
        weighed, user = user.password, User.objects.select_for_update().get(pk=user.pk)
        if user.password != weighed:  # its owner has just replaced it: what is known is an old password
            raise WrongPassword(fields={"current_password": [WrongPassword.message]})
        user.password = password_hash
        user.save(update_fields=["password"])
        tell_and_log_out(user=user, verb=Verb.PASSWORD_CHANGED, actor=user)
        old = (session_id and Session.objects.filter(pk=session_id, user=user).first()) or Session()
        pair = start_session(user=user, device=old.device, wants_rotation=old.wants_rotation)
    limits.forget_login_attempts(user.email)
    return pair


def tell_and_log_out(*, user: User, verb: Verb, actor: User) -> None:
    """What follows every new password: all logins end, the log says who did it, the mailbox owner is told."""
    end_sessions(user=user, reason=Session.EndReason.CREDENTIALS)
    record(verb, user=user, actor=actor)
    send_mail(kind="accounts.password_changed", to=user.email, language=user.profile.preferred_language, context={"user_id": user.pk})
