"""The two tokens of a login. Given the same ids and times they come out the same, byte for byte."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import timedelta

from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken, Token

from fammo.accounts.errors import TokenRefused
from fammo.accounts.models import Session

SESSION_CLAIM = "sid"


class RefreshToken(Token):
    """A refresh token; which one of a login is good is known by its ``Session``, so no list of others is kept."""

    token_type = "refresh"  # noqa: S105  (the name of a kind of token)
    lifetime: timedelta = api_settings.REFRESH_TOKEN_LIFETIME


@dataclass(frozen=True, kw_only=True)
class TokenPair:
    """What a login or a refresh answers; ``refresh`` is None when the caller keeps the one it has."""

    access: str
    refresh: str | None


@dataclass(frozen=True, kw_only=True)
class RefreshClaims:
    """What a genuine refresh token says."""

    session_id: uuid.UUID
    user_id: int
    jti: str


def new_jti() -> str:
    return uuid.uuid4().hex


def mint_pair(session: Session, *, jti: str, issued_at: int) -> TokenPair:
    """The refresh token of that id and the access token that belongs to it. Reads ``session.user``."""
    access_jti = hashlib.sha256(f"access of {jti}".encode()).hexdigest()[:32]
    return TokenPair(
        access=_mint(AccessToken(), session, jti=access_jti, issued_at=issued_at, email=session.user.email),
        refresh=_mint(RefreshToken(), session, jti=jti, issued_at=issued_at),
    )


def mint_access(session: Session, *, issued_at: int) -> TokenPair:
    """A further access token for a login that keeps its refresh token."""
    return TokenPair(access=_mint(AccessToken(), session, jti=new_jti(), issued_at=issued_at, email=session.user.email), refresh=None)


def read_refresh(encoded: str) -> RefreshClaims:
    """The claims of a refresh token whose signature, type, issuer, audience and time are in order; else ``TokenRefused``."""
    try:
        token = RefreshToken(encoded)  # type: ignore[arg-type]
        return RefreshClaims(session_id=uuid.UUID(token[SESSION_CLAIM]), user_id=int(token["user_id"]), jti=str(token["jti"]))
    except (TokenError, KeyError, ValueError, TypeError, AttributeError, RecursionError) as exc:
        raise TokenRefused from exc


def _mint(token: Token, session: Session, *, jti: str, issued_at: int, **claims: str) -> str:
    lifetime = int((token.lifetime or timedelta()).total_seconds())
    # Only the type is taken over from the fresh token; the order of the claims is part of the bytes.
    token.payload = {
        "token_type": token.token_type,
        "user_id": session.user_id,
        **claims,
        "exp": issued_at + lifetime,
        "iat": issued_at,
        "jti": jti,
        SESSION_CLAIM: str(session.pk),
    }
    return str(token)
