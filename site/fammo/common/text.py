"""What may stand in a text that is one line."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

BREAKS = frozenset({"Cc", "Zl", "Zp"})  # control characters, line and paragraph separators
TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they change the direction of what follows


def validate_one_line(text: str) -> None:
    """Refuses line breaks and other control characters, and marks that turn the direction of writing around."""
    if any(character in TURNS or unicodedata.category(character) in BREAKS for character in text):
        raise ValidationError(_("Please write this on one line, without control characters."), code="invalid")
