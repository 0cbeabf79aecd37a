"""Which changed sentences carry a watched term."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .sentences import Change


@dataclass(frozen=True)
class TouchedTerm:
    """A sentence that changed although it carries ``term``; as it is now, or as it was if it went away."""

    term: str
    sentence: str


def touched_terms(changes: Iterable[Change], terms: Iterable[str]) -> list[TouchedTerm]:
    """One for each change that touches any of the terms; a trailing star in a term stands for any ending."""
    patterns = [(term, _pattern(term)) for term in terms]
    return list(filter(None, (_touched(change, patterns) for change in changes)))


def _touched(change: Change, patterns: list[tuple[str, re.Pattern[str]]]) -> TouchedTerm | None:
    for term, pattern in patterns:
        for sentence in _sentences(change):
            if pattern.search(_fold(sentence)):
                return TouchedTerm(term, change.after or change.before)
    return None


def _sentences(change: Change) -> Iterator[str]:
    yield from filter(None, (change.before, change.after))


def _pattern(term: str) -> re.Pattern[str]:
    words = re.escape(_fold(term.removesuffix("*"))).replace(r"\ ", r"\s+")
    return re.compile(rf"\b{words}{'' if term.endswith('*') else chr(92) + 'b'}")


def _fold(text: str) -> str:
    """Without capitals, in any of our languages: Turkish İ and I both become a plain i, as do ı and i."""
    folded = unicodedata.normalize("NFC", text).replace("İ", "i").replace("ı", "i").replace("’", "'")
    return folded.casefold()
