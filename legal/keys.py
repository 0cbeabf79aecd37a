"""The key with which this installation signs heads and receipts (Ed25519), and the public keys that check them.

A key is named by the first 16 hexadecimal digits of the SHA-256 of its 32 public bytes. A key that was replaced stays in
``CONSENT_RETIRED_KEYS``, so what it signed can be checked for ever.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, TypedDict

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from . import canonical

# One spelling only: hexadecimal in capitals would be other bytes for the same signature.
SIGNATURE: Final = re.compile(r"[0-9a-f]{128}")


class PublicKey(TypedDict):
    """A public key as RFC 8037 writes it."""

    kid: str
    kty: str
    crv: str
    alg: str
    use: str
    x: str


def signed(members: Mapping[str, object]) -> dict[str, object]:
    """These members with the name of the key and its signature over their canonical bytes."""
    private = _private_key(settings.CONSENT_SIGNING_KEY)
    covered = {**members, "key": _key_id(private.public_key().public_bytes_raw())}
    return {**covered, "signature": private.sign(canonical.canonical_bytes(covered)).hex()}


def is_signed_here(members: Mapping[str, object]) -> bool:
    """Is the signature among these members one of ours, over exactly the others?"""
    signature = members.get("signature")
    public = _public_keys().get(str(members.get("key")))
    if public is None or not isinstance(signature, str) or not SIGNATURE.fullmatch(signature):
        return False
    covered = {name: value for name, value in members.items() if name != "signature"}
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), canonical.canonical_bytes(covered))
    except InvalidSignature:
        return False
    return True


def list_public_keys() -> list[PublicKey]:
    """The key in use first, then those that were."""
    return [
        PublicKey(kid=kid, kty="OKP", crv="Ed25519", alg="EdDSA", use="sig", x=base64.urlsafe_b64encode(raw).rstrip(b"=").decode())
        for kid, raw in _public_keys().items()
    ]


def _public_keys() -> dict[str, bytes]:
    in_use = _private_key(settings.CONSENT_SIGNING_KEY).public_key().public_bytes_raw()
    return {_key_id(raw): raw for raw in (in_use, *map(bytes.fromhex, settings.CONSENT_RETIRED_KEYS))}


@lru_cache(maxsize=4)
def _private_key(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))


def _key_id(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:16]
