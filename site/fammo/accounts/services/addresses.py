"""Moving an account to another address: both mailboxes must agree."""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fammo.accounts import limits, links
from fammo.accounts.audit import Verb, record
from fammo.accounts.errors import AddressTaken, LinkSuperseded
from fammo.accounts.models import EmailChange, MailLink, Session, User
from fammo.accounts.purposes import EMAIL_CHANGE_LIFETIME, EMAIL_OLD
from fammo.common.errors import InvalidInput
from fammo.mail.services import send_mail

from .sessions import end_sessions


@transaction.atomic
def request_email_change(*, user: User, new_email: str) -> EmailChange:
    """Ask both mailboxes, by a link each; a newer wish replaces an older one. A known address gets the same answer and no mail.

    The caller has made sure that the person is there (``require_presence``). Raises ``InvalidInput`` for the present address.
    """
    user = User.objects.select_for_update(of=("self",)).select_related("profile").get(pk=user.pk)
    new_email = User.normalise_email(new_email)
    if new_email == user.email:
        raise InvalidInput(fields={"new_email": [_("This is your address already.")]})
    cancel_email_change(user=user)
    now = timezone.now()
    change = EmailChange.objects.create(
        user=user, old_email=user.email, new_email=new_email, requested_at=now, expires_at=now + EMAIL_CHANGE_LIFETIME
    )
    for kind, address in (("accounts.confirm_email_old", user.email), ("accounts.confirm_email_new", new_email)):
        if address == user.email or limits.may_mail(address):
            context = {"change_id": str(change.pk), "link_id": str(uuid.uuid4())}
            send_mail(kind=kind, to=address, language=user.profile.preferred_language, context=context)
    return change


def cancel_email_change(*, user: User) -> None:
    """Forget the wish; its links stop working."""
    EmailChange.objects.open().filter(user=user).update(ended_at=timezone.now())


@transaction.atomic
def confirm_email_change(*, token: str, purpose: str) -> EmailChange:
    """One mailbox agrees; with the second the account moves, every login ends and the old mailbox is told.

    Raises the errors of ``links.redeem_link``, ``LinkSuperseded`` for a wish that was replaced or called off and ``AddressTaken``.
    """
    link = links.redeem_link(token=token, purpose=purpose)
    change = open_change_of(link)
    if change is None:
        raise LinkSuperseded
    column = "old_confirmed_at" if purpose == EMAIL_OLD else "new_confirmed_at"
    setattr(change, column, timezone.now())
    change.save(update_fields=[column])
    if change.is_confirmed:
        _move(change)
    return change


def open_change_of(link: MailLink) -> EmailChange | None:
    """The wish that a link of either mailbox is about, as long as it counts."""
    return EmailChange.objects.open().filter(pk=link.subject, user=link.user, expires_at__gt=timezone.now()).first()


def _move(change: EmailChange) -> None:
    user = User.objects.select_for_update(of=("self",)).select_related("profile").get(pk=change.user_id)
    user.email, user.email_confirmed_at = change.new_email, timezone.now()
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "email_confirmed_at"])
    except IntegrityError as exc:
        raise AddressTaken from exc
    change.ended_at = timezone.now()
    change.save(update_fields=["ended_at"])
    end_sessions(user=user, reason=Session.EndReason.CREDENTIALS)
    record(Verb.EMAIL_CHANGED, user=user, actor=user)
    _tell_old_address(user, change.old_email)


@transaction.atomic
def leave_address(*, user: User, old_email: str) -> None:
    """What follows when staff moved an account: the old mailbox is told, and known as the person's as long as its mails are kept."""
    now = timezone.now()
    cancel_email_change(user=user)
    EmailChange.objects.create(user=user, old_email=old_email, new_email=user.email, requested_at=now, expires_at=now, ended_at=now)
    _tell_old_address(user, old_email)


def _tell_old_address(user: User, old_email: str) -> None:
    send_mail(kind="accounts.email_changed", to=old_email, language=user.profile.preferred_language, context={"user_id": user.pk})
