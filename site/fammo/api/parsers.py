"""JSON and forms in: strict about what no client of good will sends, so that nothing behind has to be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError

from .exceptions import PayloadTooLarge

MAX_DEPTH = 32
Context = Mapping[str, Any]


def refuse_nul(text: str) -> None:
    """PostgreSQL stores no NUL and no person types one."""
    if "\x00" in text:
        raise ParseError(_("The request contains a NUL character."))


def _refuse_bad_values(data: Any) -> None:
    level, depth = [data], 0
    while level:
        below: list[Any] = []
        for value in level:
            if isinstance(value, str):
                refuse_nul(value)
            elif isinstance(value, (dict, list)) and depth == MAX_DEPTH:
                raise ParseError(_("The JSON is nested too deeply."))
            elif isinstance(value, dict):
                below += [*value, *value.values()]
            elif isinstance(value, list):
                below += value
        level, depth = below, depth + 1


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _value in pairs}) < len(pairs):
        raise ParseError(_("The JSON names a member twice."))


class JSONParser(parsers.BaseParser):
    """RFC 8259 and no more: no NaN or Infinity, no lone surrogates, no NUL, no member twice, at most 32 levels."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Context | None = None) -> Any:
        limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise PayloadTooLarge
        try:
            data = orjson.loads(raw)
        except orjson.JSONDecodeError as exc:
            where = {"line": exc.lineno, "column": exc.colno}
            raise ParseError(_("The request is not valid JSON: see line %(line)d, column %(column)d.") % where) from exc
        if b"\\u0000" in raw or raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
            _refuse_bad_values(data)
        json.loads(raw, object_pairs_hook=_refuse_duplicates)  # what orjson does not tell: which of two values did they mean?
        return data


class VendorJSONParser(JSONParser):
    media_type = "application/vnd.fammo.v1+json"


class _CleanForm:
    """Refuses NUL in any part of a form."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Context | None = None) -> Any:
        parsed = super().parse(stream, media_type, parser_context)  # type: ignore[misc]
        for name, values in getattr(parsed, "data", parsed).lists():
            refuse_nul(name)
            for value in values:
                refuse_nul(value)
        return parsed


class FormParser(_CleanForm, parsers.FormParser):
    pass


class MultiPartParser(_CleanForm, parsers.MultiPartParser):
    pass
