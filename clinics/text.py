"""Folding of names for search: what a person types without accents finds what was written with them. Pure."""

from __future__ import annotations

import unicodedata

_TURKISH = str.maketrans({"ı": "i", "İ": "i", "I": "i"})


def fold(text: str) -> str:
    """Lower case without diacritics and with single spaces; Turkish dotted and dotless i are one letter."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_TURKISH).casefold())
    return " ".join("".join(character for character in decomposed if not unicodedata.combining(character)).split())
