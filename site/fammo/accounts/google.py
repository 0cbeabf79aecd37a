"""Google's word for who somebody is: an ID token, checked against the keys that Google publishes.

The keys are fetched when they are first needed and again after an hour, or when a token names one that we do not have (at most
once a minute, whatever strangers send). While Google's server is down the keys of the last day serve on.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any, Final

import jwt
import structlog
from django.conf import settings

from fammo.accounts.errors import GoogleIsOff, GoogleTokenRefused, GoogleUnavailable
from fammo.outbound import Refused, Unreachable, fetch_json

logger = structlog.get_logger("fammo.accounts")

ISSUERS: Final = ("https://accounts.google.com", "accounts.google.com")
ALGORITHMS: Final = ("RS256",)
FRESH_SECONDS: Final = 3600
STALE_SECONDS: Final = 24 * 3600
PAUSE_SECONDS: Final = 60  # between two fetches for keys that we do not know
RETRY_SECONDS: Final = 5  # between two fetches while we have no key at all
TIMEOUT_SECONDS: Final = 3
LARGEST_ANSWER: Final = 100_000
CLOCK_SKEW_SECONDS: Final = 10


@dataclass(frozen=True, kw_only=True)
class GoogleAccount:
    """Whom Google vouches for."""

    subject: str
    email: str
    first_name: str
    last_name: str


def read_id_token(encoded: str) -> GoogleAccount:
    """The account of a genuine, current token that Google made for one of our apps, with an address that Google has verified.

    Raises ``GoogleIsOff`` when no app of ours is set up, ``GoogleTokenRefused`` and ``GoogleUnavailable``.
    """
    if not settings.ENVIRONMENT.google_client_ids:
        raise GoogleIsOff
    try:
        header = jwt.get_unverified_header(encoded)
        claims: dict[str, Any] = jwt.decode(
            encoded,
            _keys.key(str(header.get("kid", ""))),
            algorithms=list(ALGORITHMS),
            audience=settings.ENVIRONMENT.google_client_ids,
            issuer=list(ISSUERS),
            leeway=CLOCK_SKEW_SECONDS,
            options={"require": ["exp", "iat", "aud", "iss", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as exc:
        raise GoogleTokenRefused from exc
    email = claims.get("email")
    if claims.get("email_verified") not in (True, "true") or not isinstance(email, str) or not email:
        raise GoogleTokenRefused
    names = {name: str(claims.get(name) or "")[:150] for name in ("given_name", "family_name")}
    return GoogleAccount(subject=str(claims["sub"])[:255], email=email, first_name=names["given_name"], last_name=names["family_name"])


class _Keys:
    """The published keys of one address, for all threads of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._url = ""
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at = self._tried_at = float("-inf")

    def key(self, key_id: str) -> jwt.PyJWK:
        """The key of that name; raises ``GoogleTokenRefused`` for one that Google does not have, ``GoogleUnavailable`` without any keys."""
        with self._lock:
            if self._url != settings.ENVIRONMENT.google_keys_url:
                self.forget()
                self._url = settings.ENVIRONMENT.google_keys_url
            self._refresh(is_known=key_id in self._keys)
            if not self._keys:
                raise GoogleUnavailable
            if key_id not in self._keys:
                raise GoogleTokenRefused
            return self._keys[key_id]

    def _refresh(self, *, is_known: bool) -> None:
        now = time.monotonic()
        is_fresh = now - self._fetched_at < FRESH_SECONDS
        pause = PAUSE_SECONDS if self._keys else RETRY_SECONDS
        if (is_fresh and is_known) or now - self._tried_at < pause:
            return
        self._tried_at = now
        try:
            self._keys = _fetch(self._url)
        except (Refused, Unreachable, ValueError, TypeError, AttributeError, jwt.PyJWTError) as exc:
            logger.warning("google_keys_not_read", reason=str(exc))
            if now - self._fetched_at > STALE_SECONDS:
                self._keys = {}
        else:
            self._fetched_at = now


def _fetch(url: str) -> dict[str, jwt.PyJWK]:
    published = fetch_json(url, seconds=TIMEOUT_SECONDS, max_bytes=LARGEST_ANSWER)
    return {key.key_id: key for key in jwt.PyJWKSet.from_dict(published).keys if key.key_id}


_keys = _Keys()


def forget_keys() -> None:
    """As after a restart; for tests."""
    _keys.forget()
