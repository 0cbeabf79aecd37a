"""Tokens that somebody made, changed or took for another purpose: none of them opens anything."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.signing import Signer, dumps
from rest_framework.test import APIClient

from fammo.accounts import export_files, links, services
from fammo.accounts.errors import LinkInvalid, TokenRefused
from fammo.accounts.models import DataExport, Session, User
from fammo.accounts.purposes import ACTIVATE, CANCEL_ERASURE, EMAIL_NEW, EMAIL_OLD, EXPORT, RESET_PASSWORD
from fammo.accounts.tokens import TokenPair
from tests.factories import accounts

pytestmark = pytest.mark.django_db

RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
RSA_PEM = RSA_KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
RSA_PUBLIC = RSA_KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
DAY = 24 * 3600

Forge = Callable[[dict[str, Any], TokenPair], str]


def signed(claims: Mapping[str, Any], *, key: Any = None, algorithm: str = "HS256", **headers: Any) -> str:
    return jwt.encode(dict(claims), settings.SECRET_KEY if key is None else key, algorithm=algorithm, headers=headers or None)


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).rstrip(b"=").decode()


def by_hand(header: Any, claims: Any, key: bytes) -> str:
    """A signature that libraries refuse to make."""
    message = f"{part(header)}.{part(claims)}"
    return f"{message}.{part(hmac.new(key, message.encode(), hashlib.sha256).digest())}"


def with_claims(**changes: Any) -> Forge:
    return lambda claims, pair: signed({name: value for name, value in (claims | changes).items() if value is not DROPPED})


DROPPED = object()
HS256 = {"alg": "HS256", "typ": "JWT"}

FORGERIES: dict[str, Forge] = {
    "no algorithm": lambda claims, pair: jwt.encode(claims, "", algorithm="none"),
    "no algorithm, in capitals": lambda claims, pair: f"{part({'alg': 'NONE', 'typ': 'JWT'})}.{part(claims)}.",
    "no algorithm, with a signature": lambda claims, pair: by_hand({"alg": "none"}, claims, settings.SECRET_KEY.encode()),
    "no algorithm named": lambda claims, pair: by_hand({"typ": "JWT"}, claims, settings.SECRET_KEY.encode()),
    "signature cut off": lambda claims, pair: pair.access.rpartition(".")[0] + ".",
    "signature of another token": lambda claims, pair: pair.access.rpartition(".")[0] + "." + (pair.refresh or "").rpartition(".")[2],
    "payload changed": lambda claims, pair: ".".join(
        (pair.access.split(".")[0], part(claims | {"user_id": claims["user_id"] + 1}), pair.access.split(".")[2])
    ),
    "another secret": lambda claims, pair: signed(claims, key="y" * 50),
    "an empty secret": lambda claims, pair: by_hand(HS256, claims, b""),
    "HS384 with our secret": lambda claims, pair: signed(claims, algorithm="HS384"),
    "HS512 with our secret": lambda claims, pair: signed(claims, key=settings.SECRET_KEY * 2, algorithm="HS512"),
    "RS256 with a key of one's own": lambda claims, pair: signed(claims, key=RSA_PEM, algorithm="RS256"),
    "HS256 with an RSA public key as the secret": lambda claims, pair: by_hand(HS256, claims, RSA_PUBLIC),
    "RS256 in the header over our HMAC": lambda claims, pair: by_hand({"alg": "RS256"}, claims, settings.SECRET_KEY.encode()),
    "a key that the token brings along": lambda claims, pair: signed(
        claims, key=RSA_PEM, algorithm="RS256", jwk=json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(RSA_KEY.public_key()))
    ),
    "a key at an address that the token names": lambda claims, pair: signed(claims, key="z" * 50, jku="https://evil.example/keys.json"),
    "a key id that is a path": lambda claims, pair: signed(claims, key="z" * 50, kid="../../../../dev/null"),
    "another issuer": with_claims(iss="https://elsewhere.example"),
    "no issuer": with_claims(iss=DROPPED),
    "another audience": with_claims(aud="another-api"),
    "no audience": with_claims(aud=DROPPED),
    "a list of audiences without ours": with_claims(aud=["another-api", "a-third"]),
    "expired": with_claims(exp=int(time.time()) - 1),
    "expired long ago": with_claims(exp=1),
    "no expiry": with_claims(exp=DROPPED),
    "an expiry that is no number": with_claims(exp="never"),
    "not yet valid": with_claims(nbf=int(time.time()) + DAY),
    "issued tomorrow": with_claims(iat=int(time.time()) + DAY),
    "no type": with_claims(token_type=DROPPED),
    "another type": with_claims(token_type="sliding"),
    "no id": with_claims(jti=DROPPED),
    "no user": with_claims(user_id=DROPPED),
    "another user in our login": with_claims(user_id=7),
    "a user who is a query": with_claims(user_id="1 OR 1=1"),
    "no login": with_claims(sid=DROPPED),
    "a login that never was": with_claims(sid=str(uuid.uuid4())),
    "a login that is no id": with_claims(sid="nonsense"),
    "nested a thousand times": lambda claims, pair: by_hand(HS256, "[" * 1000, settings.SECRET_KEY.encode()),
    "claims that are a list": lambda claims, pair: by_hand(HS256, [claims], settings.SECRET_KEY.encode()),
    "not a token": lambda claims, pair: "a.b.c",
    "Django's own signature": lambda claims, pair: dumps(claims),
    "a signed address's signature": lambda claims, pair: Signer(salt="pets.photo_files").sign(json.dumps(claims)),
}


def claims_of(token: str | None) -> dict[str, Any]:
    return dict(jwt.decode(token or "", options={"verify_signature": False}))


def test_there_are_forty() -> None:
    assert len(FORGERIES) >= 40


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_token_opens_nothing(api: APIClient, anna: User, name: str) -> None:
    pair = accounts.login(anna, rotation=True)

    access = FORGERIES[name](claims_of(pair.access), pair)
    refresh = FORGERIES[name](claims_of(pair.refresh), pair)

    api.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    assert api.get("/api/v1/me/").status_code == 401
    with pytest.raises(TokenRefused):
        services.refresh_tokens(refresh=refresh)
    assert Session.objects.get().ended_at is None, "and it costs the true owner nothing"


def test_the_yardstick_itself_is_accepted(api: APIClient, anna: User) -> None:
    """The same way of signing, nothing changed: so each refusal above is for what its name says."""
    pair = accounts.login(anna, rotation=True)

    api.credentials(HTTP_AUTHORIZATION=f"Bearer {signed(claims_of(pair.access))}")

    assert api.get("/api/v1/me/").status_code == 200
    assert services.refresh_tokens(refresh=signed(claims_of(pair.refresh))).refresh


class TestPurposes:
    """A token for one purpose is refused for every other."""

    PURPOSES = (ACTIVATE, RESET_PASSWORD, EMAIL_OLD, EMAIL_NEW, EXPORT, CANCEL_ERASURE, "clinics.confirm_email")

    @pytest.mark.parametrize("purpose", PURPOSES)
    def test_a_mail_link_serves_its_own_purpose_only(self, anna: User, purpose: str) -> None:
        link = links.issue_link(user=anna, purpose=purpose, lifetime=timedelta(hours=1))

        for other in set(self.PURPOSES) - {purpose}:
            with pytest.raises(LinkInvalid):
                links.redeem_link(token=link.token, purpose=other)
        assert links.redeem_link(token=link.token, purpose=purpose) == link

    def test_an_access_token_does_not_refresh_and_a_refresh_token_does_not_open(self, api: APIClient, anna: User) -> None:
        pair = accounts.login(anna)

        api.credentials(HTTP_AUTHORIZATION=f"Bearer {pair.refresh}")
        assert api.get("/api/v1/me/").status_code == 401
        with pytest.raises(TokenRefused):
            services.refresh_tokens(refresh=pair.access)

    def test_a_mail_link_is_no_token(self, api: APIClient, anna: User) -> None:
        link = links.issue_link(user=anna, purpose=RESET_PASSWORD, lifetime=timedelta(hours=1))

        api.credentials(HTTP_AUTHORIZATION=f"Bearer {link.token}")
        assert api.get("/api/v1/me/").status_code == 401
        with pytest.raises(TokenRefused):
            services.refresh_tokens(refresh=link.token)

    def test_a_token_is_no_mail_link(self, anna: User) -> None:
        pair = accounts.login(anna)

        for token in (pair.access, pair.refresh or ""):
            with pytest.raises(LinkInvalid):
                links.redeem_link(token=token, purpose=RESET_PASSWORD)

    def test_a_photo_s_signature_opens_no_export(self, api: APIClient, anna: User) -> None:
        export = DataExport.objects.create(user=anna)
        expires = int(time.time()) + 600
        signature = Signer(salt="pets.photo_files").signature(f"{export.pk}:{expires}")

        answer = api.get(f"/media-private/exports/{export.pk}.zip", {"expires": expires, "signature": signature})

        assert answer.status_code == 404
        assert signature not in export_files.url_of(export)

    def test_another_person_s_uid_spoils_a_link(self, anna: User, outsider: User) -> None:
        link = links.issue_link(user=anna, purpose=RESET_PASSWORD, lifetime=timedelta(hours=1))

        with pytest.raises(LinkInvalid):
            links.redeem_link(token=link.token, purpose=RESET_PASSWORD, uid=links.uid_of(outsider))
