"""Who is calling: a bearer access token, checked on every request against the account and its sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, AuthenticationFailed
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken
from rest_framework_simplejwt.tokens import AccessToken, Token

TOKEN_NOT_VALID = _("The access token is not valid or has expired.")
PersonOf = Callable[[Token], Any]

# One entry, given by the app that issues tokens (accounts): whose living login a token names; None if there is none.
_person_of: list[PersonOf] = []


def register_person_of(source: PersonOf) -> PersonOf:
    """Says whom tokens are about, anew on every request; usable as a decorator."""
    _person_of[:] = [source]
    return source


class BearerAuthentication(JWTAuthentication):
    """simplejwt's check of signature, algorithm, issuer, audience, lifetime and type, then the login and its account.

    Whatever is wrong with a token or its account is 401, never 500.
    """

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'

    def get_raw_token(self, header: bytes) -> bytes | None:
        scheme, _space, rest = header.strip().partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        parts = rest.split()
        if len(parts) != 1:
            raise AuthenticationFailed(_("The Authorization header must be: Bearer, a space, the token."), code="bad_authorization_header")
        return parts[0]

    def get_validated_token(self, raw_token: bytes) -> Token:
        try:
            return AccessToken(raw_token)  # type: ignore[arg-type]
        except APIException:
            raise
        except Exception as exc:
            # A token is a stranger's bytes: deep JSON in its header, odd numbers in its claims and bad base64 all end here.
            raise InvalidToken(str(TOKEN_NOT_VALID)) from exc

    def get_user(self, validated_token: Token) -> Any:
        (person_of,) = _person_of
        user = person_of(validated_token)
        if user is None:
            raise AuthenticationFailed(_("This session has ended. Please sign in again."), code="session_ended")
        return user


class OptionalBearerAuthentication(BearerAuthentication):
    """For answers that are the same for everybody: a token that is no good makes a stranger, not a refusal."""

    def authenticate(self, request: Request) -> tuple[Any, Token] | None:
        try:
            return super().authenticate(request)
        except AuthenticationFailed:
            return None
