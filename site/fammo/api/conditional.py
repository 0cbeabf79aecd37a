"""ETags: 304 for readers who have it already, 412 and 428 for writers who may not have."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from rest_framework.request import Request

from fammo.common.errors import PreconditionFailed

from .exceptions import PreconditionRequired
from .requests import Meta

HEADER = "HTTP_IF_MATCH"
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
    header = request.META.get(HEADER)
    if not header:
        if required:
            raise PreconditionRequired
        return
    # A compressed answer carried the weak form of the same tag: it names the same state of the thing.
    known = [tag.removeprefix("W/") for tag in parse_etags(header)]
    if known != ["*"] and etag not in known:
        raise PreconditionFailed


def name_state(response: HttpResponseBase) -> None:
    """An ETag for a whole answer that has none."""
    if response.status_code == 200 and not response.streaming and "ETag" not in response.headers:
        response.headers["ETag"] = etag_of_bytes(response.content)  # type: ignore[attr-defined]  # only streams have none


def guarded(view: Any, handler: Callable[..., Any]) -> Callable[..., Any]:
    """``handler`` such that it runs only while If-Match names what a GET of the same address tells its caller: else 412.

    Who sends If-Match to the same address at the same moment waits, and finds the other's change.
    """

    def handle(request: Request, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            _take_turns(request.path)
            require_match(request, _present_etag(view, request, *args, **kwargs))
            return handler(request, *args, **kwargs)

    return handle


def _present_etag(view: Any, request: Request, *args: Any, **kwargs: Any) -> str:
    present = view.get(request, *args, **kwargs)
    if "ETag" in present.headers:
        return str(present.headers["ETag"])
    renderer: Any = request.accepted_renderer
    return etag_of_bytes(renderer.render(present.data, request.accepted_media_type, view.get_renderer_context()))


def _take_turns(address: str) -> None:
    """On SQLite the transaction itself is the turn: it began by waiting for every other writer."""
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.sha256(f"If-Match {address}".encode()).digest()[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
