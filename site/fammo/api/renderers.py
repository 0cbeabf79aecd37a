"""JSON out: orjson, decimals as strings, moments as ISO 8601 in UTC with Z."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
from django.utils import timezone
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer

OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS


def _default(value: Any) -> Any:
    match value:
        case datetime():
            moment = value if timezone.is_aware(value) else value.replace(tzinfo=UTC)
            return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case Decimal() | Promise():
            return str(value)
        case timedelta():
            return str(value.total_seconds())
        case bytes():
            return value.decode()
        case Iterable():
            return list(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON.")


def to_json(data: Any) -> bytes:
    """The bytes of an answer."""
    return orjson.dumps(data, default=_default, option=OPTIONS)


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None) -> bytes:
        return b"" if data is None else to_json(data)


class VendorJSONRenderer(JSONRenderer):
    """The same bytes for clients that name the version in Accept."""

    media_type = "application/vnd.fammo.v1+json"
    format = "vnd.fammo.v1+json"
