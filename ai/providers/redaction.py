"""What people type may hold what must not leave the house: it is taken out before a model is sent the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models

from fammo.common.privacy import columns_for_model, personal_columns
from pets.models import Pet

if TYPE_CHECKING:
    from fammo.accounts.models import User

MASK = "[…]"
SHORTEST_WORD = 3
PATTERNS = (
    re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*"),  # e-mail addresses
    re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE),
    re.compile(r"-?\b\d{1,3}[.,]\d{4,}\b"),  # coordinates
    re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"),  # IPv4
    re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE),  # IPv6
    re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE),  # UUIDs
    re.compile(r"\+?\d(?:[\s()./-]?\d){6,}"),  # telephone numbers, ids, cards
)


def redacted(text: str, words: Iterable[str]) -> str:
    """The text without addresses, numbers that lead to somebody, and the given words."""
    for pattern in PATTERNS:
        text = pattern.sub(MASK, text)
    known = sorted({word.strip() for word in words if len(word.strip()) >= SHORTEST_WORD}, key=len, reverse=True)
    if not known:
        return text
    return re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)", MASK, text, flags=re.IGNORECASE)


def words_of(user: User) -> list[str]:
    """The texts by which the person and their pets are known to us: every personal text column that no model may be sent."""
    rows: list[models.Model] = [user, user.profile, *Pet.objects.filter(user_id=user.pk)]
    return [part for row in rows for text in _texts(row) for part in (text, *text.split())]


def _texts(row: models.Model) -> list[str]:
    private = personal_columns(type(row)).keys() - columns_for_model(type(row))
    values = (getattr(row, field.attname) for field in row._meta.concrete_fields if field.name in private and not field.choices)
    return [str(value) for value in values if isinstance(value, str) and value]
