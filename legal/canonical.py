"""The bytes behind a hash: how a legal text is cleaned, and how anything that is hashed becomes canonical bytes.

Canonical form (version 1), small enough to be rebuilt by a verifier in any language:

* a JSON object, keys sorted by code point, no white space outside strings, UTF-8, no ``\\u`` escapes beyond those JSON demands;
* strings in Unicode NFC with ``\\n`` line ends; dates as ``YYYY-MM-DD``; times in UTC as ``YYYY-MM-DDTHH:MM:SS.ffffffZ``;
* the hash is SHA-256 of these bytes, in lower-case hex.

A legal text is the object of ``TextMembers``; a ledger event is the object of ``event_members``.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import unicodedata
import uuid
from collections.abc import Mapping
from typing import Any, Final, TypedDict

import nh3
from django.conf import settings
from wagtail.rich_text import expand_db_html

# The fixed block set: what editors may use, what readers may meet.
RICH_TEXT_FEATURES: Final = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]
TAGS: Final = frozenset({"h2", "h3", "p", "br", "b", "strong", "i", "em", "ul", "ol", "li", "a"})
LINK_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


class TextMembers(TypedDict):
    """What the hash of a legal text covers: the words and every fact that was promised with them."""

    canonical_form: int
    document_type: str
    version: str
    effective_on: str
    requires_acceptance: bool
    change_class: str
    language: str
    title: str
    summary: str
    content: str
    change_note: str


def plain(text: str) -> str:
    """Text in NFC, with ``\\n`` line ends and no white space around it."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


def sanitise(rich_text: str) -> str:
    """Wagtail's stored rich text as HTML of the fixed block set: links resolved and absolute, everything else gone."""
    html = nh3.clean(
        expand_db_html(rich_text),
        tags=set(TAGS),
        attributes={"a": {"href"}},
        url_schemes=set(LINK_SCHEMES),
        url_relative=("rewrite_with_base", settings.ENVIRONMENT.public_url),
        link_rel=None,
    )
    return plain(html)


def canonical_bytes(members: Mapping[str, object]) -> bytes:
    """The one byte sequence that stands for these members."""
    return _encode(members).encode()


def sha256_hex(members: Mapping[str, object]) -> str:
    return hashlib.sha256(canonical_bytes(members)).hexdigest()


def utc_text(moment: datetime.datetime) -> str:
    """A moment in the canonical form; microseconds always, so that a round second is not a special case."""
    return f"{moment.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def device_reference(device_id: uuid.UUID) -> str:
    """Under what a device is known here: the id itself stays on the device."""
    return hashlib.sha256(f"fammo device {device_id}".encode()).hexdigest()


def origin_members(ip_address: str | None, salt: str, acted_by: int | None) -> dict[str, object]:
    """What the hash of an origin covers; ``acted_by`` is a member only where somebody decided for a clinic."""
    return {"ip_address": ip_address, "salt": salt} | ({} if acted_by is None else {"acted_by": acted_by})


def event_members(event: Mapping[str, Any]) -> dict[str, object]:
    """What the hash of a ledger event covers, from its columns: all of them but the hash itself, and no empty ``purpose``."""
    return ({"purpose": str(event["purpose"])} if event["purpose"] else {}) | {
        "sequence": event["sequence"],
        "action": str(event["action"]),
        "subject": str(event["subject"]),
        "version": event["version_id"],
        "language": event["language"],
        "text_sha256": event["text_sha256"],
        "app_version": event["app_version"],
        "origin_sha256": event["origin_sha256"],
        "recorded_at": utc_text(event["recorded_at"]),
        "previous_hash": event["previous_hash"],
    }
