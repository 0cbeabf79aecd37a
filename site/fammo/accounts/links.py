"""Links in mails: single purpose, single use, expiring; of one (user, purpose, subject) only the newest works,
and only while the user's password and address are those it was made for (docs/decisions/0007).

``issue_link`` before the mail, ``link.token`` when the mail is written, ``redeem_link`` when the person comes back.
"""

from __future__ import annotations

import base64
import binascii
import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import urlsafe_base64_encode

from fammo.accounts.errors import LinkExpired, LinkInvalid, LinkSuperseded, LinkUsed
from fammo.accounts.models import MailLink, User

ID_LENGTH = 22  # characters of a UUID in unpadded base64


@transaction.atomic
def issue_link(*, user: User, purpose: str, lifetime: timedelta, subject: str = "", link_id: uuid.UUID | None = None) -> MailLink:
    """A new link; every earlier one of the same user, purpose and subject stops working.

    A mail that builds its link at delivery chooses ``link_id`` when it is queued: delivered again, it finds the same link.
    """
    # The lock makes two issuers take turns, so that the later one is the newest and not a broken constraint.
    user = User.objects.select_for_update().get(pk=user.pk)
    now = timezone.now()
    MailLink.objects.filter(user=user, purpose=purpose, subject=subject).open().update(superseded_at=now)
    return MailLink.objects.create(
        id=link_id or uuid.uuid4(),
        user=user,
        purpose=purpose,
        subject=subject,
        created_at=now,
        expires_at=now + lifetime,
        credentials_stamp=user.credentials_stamp,
    )


def uid_of(user: User) -> str:
    """How an address in a mail names the user; it proves nothing, the token does."""
    return urlsafe_base64_encode(str(user.pk).encode())


def find_link(*, token: str, purpose: str, uid: str | None = None) -> MailLink:
    """The genuine link of the token, perhaps over; ``uid``, if given, must be its user's. Raises ``LinkInvalid``."""
    link = MailLink.objects.select_related("user__profile").filter(pk=_link_id(token)).first()
    if link is None or not constant_time_compare(link.token, token) or link.purpose != purpose:
        raise LinkInvalid
    if uid is not None and not constant_time_compare(uid_of(link.user), uid):
        raise LinkInvalid
    return link


def check_link(*, token: str, purpose: str, uid: str | None = None) -> MailLink:
    """The link of the token, not consumed; ``uid``, if given, must be its user's.

    Raises ``LinkInvalid``, and to the link's holder alone ``LinkUsed``, ``LinkSuperseded`` or ``LinkExpired``.
    """
    link = find_link(token=token, purpose=purpose, uid=uid)
    if link.used_at is not None:
        raise LinkUsed
    if link.superseded_at is not None:
        raise LinkSuperseded
    if link.expires_at <= timezone.now() or not vouches(link):
        raise LinkExpired
    return link


def vouches(link: MailLink) -> bool:
    """Whether the user still has the password and the address that the link was made for."""
    return constant_time_compare(link.credentials_stamp, link.user.credentials_stamp)


@transaction.atomic
def redeem_link(*, token: str, purpose: str, uid: str | None = None) -> MailLink:
    """The link of the token, now used. Of simultaneous callers one gets it; raises as ``check_link`` does."""
    # Who changes the credentials holds this lock too: they change before we look at the link or after it did its work.
    User.objects.select_for_update().filter(pk__in=MailLink.objects.filter(pk=_link_id(token)).values("user_id")).first()
    link = check_link(token=token, purpose=purpose, uid=uid)
    link.used_at = timezone.now()
    if not MailLink.objects.filter(pk=link.pk).open().update(used_at=link.used_at):
        raise LinkUsed
    return link


def _link_id(token: str) -> uuid.UUID:
    try:
        return uuid.UUID(bytes=base64.urlsafe_b64decode(token[:ID_LENGTH] + "=="))
    except (ValueError, binascii.Error) as exc:
        raise LinkInvalid from exc
