"""Addresses of private files on local disk: whoever has one may read the file for a while. On S3 the bucket signs its own."""

from __future__ import annotations

import time
from urllib.parse import urlencode

from django.conf import DEFAULT_STORAGE_ALIAS
from django.core.files.storage import FileSystemStorage, storages
from django.core.signing import BadSignature, Signer

#: An address stays the same for this long, so that an app's image cache works, and lives on for as long again.
WINDOW_SECONDS = 3600


class LinkExpiredError(Exception):
    """The signature is ours, its time is over."""


class SignedLinks:
    """Signs names of one kind; the salt keeps an address of one kind from opening another."""

    def __init__(self, salt: str) -> None:
        self._signer = Signer(salt=salt)

    def query(self, name: str) -> str:
        """What the address of this name carries for the next hour or two."""
        expires = (int(time.time()) // WINDOW_SECONDS + 2) * WINDOW_SECONDS
        return urlencode({"expires": expires, "signature": self._signer.signature(f"{name}:{expires}")})

    def seconds_left(self, name: str, expires: str, signature: str) -> int:
        """For how long the address is good; raises ``BadSignature`` when it is not ours and ``LinkExpiredError`` when it is too old."""
        if not (expires.isascii() and expires.isdecimal()) or len(expires) > 12:
            raise BadSignature
        self._signer.unsign(f"{name}:{expires}:{signature}")
        left = int(expires) - int(time.time())
        if left <= 0:
            raise LinkExpiredError
        return left


def is_local() -> bool:
    """Whether files lie on this machine's disk, so that we hand them out ourselves."""
    return isinstance(storages[DEFAULT_STORAGE_ALIAS], FileSystemStorage)
