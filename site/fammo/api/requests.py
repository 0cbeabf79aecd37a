"""Facts about one request, read from its META: its id, and where it came from."""

from __future__ import annotations

import random
import re
import uuid
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from fammo.common.errors import InvalidInput

SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
ID_HEADER = "HTTP_X_REQUEST_ID"

# request.META, or the WSGI environment that it is made of.
Meta = dict[str, Any]


def request_id(meta: Meta) -> str:
    """The id of a request: the caller's if it is sane, else a new one.

    It is written back among the headers, where django-structlog takes it from: one id in answers and logs.
    """
    sent: str | None = meta.get(ID_HEADER)
    if sent and SANE_REQUEST_ID.fullmatch(sent):
        return sent
    new = f"{random.getrandbits(128):032x}"
    meta[ID_HEADER] = new
    return new


def client_ip(meta: Meta) -> str:
    """The caller's address: the socket's, or with TRUSTED_PROXIES=n the one that the n-th proxy from us has seen."""
    remote: str = meta.get("REMOTE_ADDR") or "unknown"
    proxies: int = settings.TRUSTED_PROXIES
    if not proxies:
        return remote
    forwarded = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return forwarded[-proxies] if len(forwarded) >= proxies else remote


def device_id_of(meta: Meta) -> uuid.UUID | None:
    """The installation of the app that calls (``X-Device-ID``), if it says so; raises InvalidInput for what is no UUID."""
    sent: str = meta.get("HTTP_X_DEVICE_ID", "")
    if not sent:
        return None
    try:
        return uuid.UUID(sent)
    except ValueError as exc:
        raise InvalidInput(fields={"X-Device-ID": [_("This is not a UUID.")]}) from exc
