"""``Idempotency-Key``: a POST that was sent twice is done once, and both callers read the same answer.

The answer is written in the transaction of the work itself: a crash before the commit leaves neither, a crash after it
leaves both. While the work runs the key is held by a lock that dies with its holder (an advisory lock on PostgreSQL, the
single writer on SQLite), so there is no stale "running" row to clean up.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, cast

from django.db import connection, transaction
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from .exceptions import KeyReused, KeyStillRunning
from .models import IdempotentRequest
from .requests import client_ip

HEADER = "HTTP_IDEMPOTENCY_KEY"
DEVICE = "HTTP_X_DEVICE_ID"
CANONICAL, ALIAS = "/api/v1/", re.compile("^/api/(?!v1/)")  # one view under both
REPLAYED = "Idempotency-Replayed"
RETENTION = timedelta(hours=24)
SANE_KEY = re.compile(r"[\x21-\x7e]{1,128}")
KEPT_HEADERS = ("Content-Type", "Content-Language", "Location", "ETag")

Handler = Callable[..., Any]

_running: set[tuple[str, str]] = set()
_running_lock = threading.Lock()


def answered_once(view: Any, request: Request, handler: Handler) -> Handler:
    """``handler`` such that a second request with the same key reads the first one's answer instead of running again.

    The handler runs inside one transaction, so it must not wait for the network. Refusals are not kept: nothing was
    done, and the corrected request may use the key again. Raises 400 for a key that cannot be one, 409 while the first
    request runs and 422 when the key was sent with another request.
    """

    def handle(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        key = key_of(request)
        fingerprint = fingerprint_of(request)
        principal = principal_of(request)
        with _sole_runner(principal, key), transaction.atomic():
            _lock(principal, key)
            first = IdempotentRequest.objects.filter(principal=principal, key=key).first()
            if first is not None and first.created_at < timezone.now() - RETENTION:
                first.delete()
                first = None
            if first is not None:
                return _replay(first, fingerprint)
            response = handler(request, *args, **kwargs)
            _keep(view, request, response, principal, key, fingerprint)
        return response

    return handle


def prune() -> int:
    """Deletes answers past their retention; returns how many."""
    deleted, _per_model = IdempotentRequest.objects.filter(created_at__lt=timezone.now() - RETENTION).delete()
    return deleted


def forget_user(user_id: int) -> int:
    """Deletes the answers kept for one person (erasure); returns how many."""
    deleted, _per_model = IdempotentRequest.objects.filter(principal=f"user:{user_id}").delete()
    return deleted


def principal_of(request: Request) -> str:
    """Whose key it is: a person's, else the device's that names itself, else the address's (both only as a keyed hash)."""
    user = request.user
    if user is not None and user.is_authenticated:
        return f"user:{user.pk}"
    caller = request.META.get(DEVICE) or client_ip(request.META)
    return f"anon:{salted_hmac('fammo.api.idempotency', caller, algorithm='sha256').hexdigest()}"


def key_of(request: Request) -> str:
    """The key that the caller sent; raises 400 for one that cannot be a key. Ask only where there is one."""
    key: str = request.META[HEADER]
    if not SANE_KEY.fullmatch(key):
        raise ValidationError({"Idempotency-Key": [_("The key must be 1 to 128 visible ASCII characters.")]}, code="bad_idempotency_key")
    return key


def fingerprint_of(request: Request) -> str:
    """SHA-256 of what was asked: method, path with query, device, and body (of a form its parts, as boundaries differ each time)."""
    path = ALIAS.sub(CANONICAL, request.get_full_path(), count=1)
    digest = hashlib.sha256(f"{request.method} {path}\n{request.META.get(DEVICE, '')}\n".encode())
    if (request.content_type or "").startswith("multipart/"):
        form = cast(QueryDict, request.data)
        for name, values in sorted(form.lists()):
            for value in values:
                digest.update(f"\n{name}=".encode())
                digest.update(_file_digest(value) if hasattr(value, "chunks") else str(value).encode())
    else:
        digest.update(request._request.body)
    return digest.hexdigest()


def _file_digest(upload: Any) -> bytes:
    digest = hashlib.sha256(str(upload.name).encode())
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.digest()


@contextmanager
def _sole_runner(principal: str, key: str) -> Iterator[None]:
    with _running_lock:
        if (principal, key) in _running:
            raise KeyStillRunning
        _running.add((principal, key))
    try:
        yield
    finally:
        with _running_lock:
            _running.discard((principal, key))


def _lock(principal: str, key: str) -> None:
    """Across processes. On SQLite the transaction itself is the lock: it began by waiting for every other writer."""
    if connection.vendor != "postgresql":
        return
    number = int.from_bytes(hashlib.sha256(f"{principal}\n{key}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise KeyStillRunning


def _replay(first: IdempotentRequest, fingerprint: str) -> HttpResponse:
    if first.fingerprint != fingerprint:
        raise KeyReused
    response = HttpResponse(bytes(first.body), status=first.status_code, headers=first.headers)
    response.headers[REPLAYED] = "true"
    return response


def _keep(view: Any, request: Request, response: Response, principal: str, key: str, fingerprint: str) -> None:
    if response.status_code >= 400:
        transaction.set_rollback(True)
        return
    view.finalize_response(request, response)
    response.render()
    IdempotentRequest.objects.create(
        principal=principal,
        key=key,
        fingerprint=fingerprint,
        method=request.method or "POST",
        path=request.path[:500],
        status_code=response.status_code,
        headers={name: response[name] for name in KEPT_HEADERS if name in response},
        body=response.content,
    )
