"""Staying logged in, logging out (design D9); how one gets in is in ``logins``."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from fammo.accounts import tokens
from fammo.accounts.errors import TokenRefused
from fammo.accounts.models import EmailChange, MailLink, Session, User
from fammo.accounts.querysets import SessionQuerySet
from fammo.accounts.tokens import RefreshClaims, RefreshToken, TokenPair
from fammo.mail.services import send_mail

KEPT_AFTER_END = timedelta(days=30)


@transaction.atomic
def start_session(*, user: User, device: str = "", wants_rotation: bool = False) -> TokenPair:
    """A new login of a person whose right to it the caller has checked."""
    issued_at = int(time.time())
    session = Session.objects.create(
        user=user,
        device=device[: Session._meta.get_field("device").max_length],
        wants_rotation=wants_rotation,
        refresh_jti=tokens.new_jti(),
        expires_at=_expiry(issued_at),
        credentials_stamp=user.credentials_stamp,
    )
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())
    return tokens.mint_pair(session, jti=session.refresh_jti, issued_at=issued_at)


def refresh_tokens(*, refresh: str) -> TokenPair:
    """A new access token, and a new refresh token if this login rotates.

    A refresh token that was replaced a moment ago gets the very pair that replaced it: the answer may have been lost on its
    way to a phone. Used later than that, it is somebody else's copy: the login ends, and its owner is told. Raises ``TokenRefused``.
    """
    claims = tokens.read_refresh(refresh)
    session = _living_session(claims)
    if claims.jti == session.refresh_jti and (pair := _renew(session)):
        return pair
    session = _living_session(claims)
    not_before = time.time() - settings.ENVIRONMENT.refresh_grace_seconds
    if successor := session.successor_of(claims.jti, not_before=not_before):
        jti, issued_at = successor
        return tokens.mint_pair(session, jti=jti, issued_at=issued_at)
    _end_stolen_session(session)
    raise TokenRefused


def _living_session(claims: RefreshClaims) -> Session:
    session = Session.objects.select_related("user__profile").filter(pk=claims.session_id, user_id=claims.user_id).first()
    if session is None or not session.is_alive():
        raise TokenRefused
    return session


def _renew(session: Session) -> TokenPair | None:
    """The next pair; None when somebody else has just rotated or ended this login."""
    issued_at = int(time.time())
    current = Session.objects.filter(pk=session.pk, refresh_jti=session.refresh_jti).alive()
    if not _rotates(session):
        return tokens.mint_access(session, issued_at=issued_at) if current.update(last_used_at=timezone.now()) else None
    forgotten = issued_at - settings.ENVIRONMENT.refresh_grace_seconds
    recent = [rotation for rotation in session.rotations if rotation[1] >= forgotten]
    successor = tokens.new_jti()
    # One statement decides who of several simultaneous callers rotates; the others find the winner's pair.
    rotated = current.update(
        refresh_jti=successor,
        rotations=[*recent, [session.refresh_jti, issued_at]],
        last_used_at=timezone.now(),
        expires_at=_expiry(issued_at),
    )
    return tokens.mint_pair(session, jti=successor, issued_at=issued_at) if rotated else None


def _rotates(session: Session) -> bool:
    match settings.ENVIRONMENT.refresh_rotation:
        case "always":
            return True
        case "never":
            return False
    return session.wants_rotation


def _expiry(issued_at: int) -> datetime:
    return datetime.fromtimestamp(issued_at, UTC) + RefreshToken.lifetime


@transaction.atomic
def _end_stolen_session(session: Session) -> None:
    if end_session(session=session, reason=Session.EndReason.REUSED):
        user = session.user
        send_mail(
            kind="accounts.session_reused", to=user.email, language=user.profile.preferred_language, context={"session_id": str(session.pk)}
        )


def log_out(*, refresh: str | None = None, session_id: uuid.UUID | None = None) -> None:
    """End the login of the refresh token, else the one named. Twice is fine; raises ``TokenRefused`` when there is neither."""
    if refresh:
        session_id = tokens.read_refresh(refresh).session_id
    if session_id is None:
        raise TokenRefused
    _end(Session.objects.filter(pk=session_id), Session.EndReason.LOGOUT)


def end_session(*, session: Session, reason: Session.EndReason) -> bool:
    """End one login; its tokens are refused from the next request on. False when it was over already."""
    return bool(_end(Session.objects.filter(pk=session.pk), reason))


def end_sessions(*, user: User, reason: Session.EndReason) -> int:
    """End every login of a person; how many there were."""
    return _end(Session.objects.filter(user=user), reason)


def _end(sessions: SessionQuerySet, reason: Session.EndReason) -> int:
    return sessions.alive().update(ended_at=timezone.now(), ended_reason=reason)


def prune_ended() -> int:
    """Forget logins, mail links and changes of address that have been over for a month; how many."""
    moment = timezone.now() - KEPT_AFTER_END
    sessions, _by_model = Session.objects.over_since(moment).delete()
    links, _by_model = MailLink.objects.over_since(moment).delete()
    changes, _by_model = EmailChange.objects.over_since(moment).delete()
    return sessions + links + changes
