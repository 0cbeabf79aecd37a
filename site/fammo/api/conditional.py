"""ETags: 304 for readers who have it already, 412 and 428 for writers who may not have."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils.http import parse_etags

from fammo.common.errors import PreconditionFailed

from .exceptions import PreconditionRequired
from .requests import Meta

# Headers of the body that a 304 does not have.
NOT_IN_304 = frozenset({"content-type", "content-length", "content-encoding"})


def etag_of_bytes(content: bytes) -> str:
    """A strong ETag for these very bytes."""
    return f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


def etag_of(*facts: Any) -> str:
    """A strong ETag for the state that ``facts`` identify (a key and its version or moment of change)."""
    return etag_of_bytes(repr(facts).encode())


def is_known(meta: Meta, etag: str) -> bool:
    """Whether If-None-Match says that the caller has this already (weak comparison, RFC 9110 §13.1.2)."""
    header = meta.get("HTTP_IF_NONE_MATCH")
    if not header:
        return False
    if header == etag:
        return True
    known = parse_etags(header)
    return known == ["*"] or etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in known}


def require_match(request: Any, etag: str, *, required: bool = True) -> None:
    """Refuses a write that was made for another state: 412; or for none in particular: 428."""
    header = request.META.get("HTTP_IF_MATCH")
    if not header:
        if required:
            raise PreconditionRequired
        return
    # A compressed answer carried the weak form of the same tag: it names the same state of the thing.
    known = [tag.removeprefix("W/") for tag in parse_etags(header)]
    if known != ["*"] and etag not in known:
        raise PreconditionFailed
