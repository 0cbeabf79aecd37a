"""Finding words that somebody may have hidden: folding to plain letters, undoing disguises, and lexicons with wildcards.

A term is written as people write it. ``*`` at an end stands for any letters (``grape*``, ``*druif``), alone for any word or number, a
space for any run of spaces and hyphens. Terms and texts are folded alike (``fold``), so ``Koivusokeri``, the same with Cyrillic letters
and in full width are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_CYRILLIC = ("абвгдезийклмнопрстуфхцчшщъыьэюяԁіјѕԛԝһӏүҽ", "abbrdeeuuknmhonpctyoxuywwbbbeordijsqwhlye")
_GREEK = ("αβγδεζηθικλμνξοπρστυφχψω", "abydezhoiklmvxopptuuoxyw")
_SMALL_CAPITALS = ("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz")
_LATIN = {"ı": "i", "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "ɑ": "a", "ɡ": "g", "’": "'", "‘": "'", "ʼ": "'"}
_LOOKALIKES = str.maketrans(
    {sign: letter for signs, letters in (_CYRILLIC, _GREEK, _SMALL_CAPITALS) for sign, letter in zip(signs, letters, strict=True)} | _LATIN
)
_PICTURES = {
    "🍇": "grapes",
    "🧅": "onion",
    "🧄": "garlic",
    "🍫": "chocolate",
    "🥑": "avocado",
    "🍺": "beer",
    "🍻": "beer",
    "🍷": "wine",
    "🍸": "alcohol",
    "☕": "coffee",
    "🦴": "bones",
    "🐟": "fish",
    "🍗": "chicken",
    "🐔": "chicken",
    "🥚": "egg",
    "🧀": "cheese",
    "🥛": "milk",
    "🌽": "corn",
    "🥜": "peanut",
    "🍞": "bread",
    "🥩": "beef",
    "🐄": "beef",
    "🐖": "pork",
    "🥓": "bacon",
    "🦐": "shrimp",
    "🌾": "wheat",
    "🍚": "rice",
}
_LETTER_SIGNS = {
    **{0x1F1E6 + at: chr(97 + at) for at in range(26)},
    **{0x1F150 + at: chr(97 + at) for at in range(26)},
    **{0x1F170 + at: chr(97 + at) for at in range(26)},
}
_LEET = str.maketrans(
    {"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "@": "a", "$": "s", "€": "e", "!": "i", "|": "l"}
)
_LEETED = re.compile(r"(?=[^\s]*[a-z])(?=[^\s]*[0-9@$€!|])[a-z0-9@$€!|]{3,}")
_QUANTITY = re.compile(r"\d+(?:k?g|m[gl]|[dc]l|l|kcal|[cm]m|[ap]m|h|min|x|st|nd|rd|th|kpl|tl|rkl)")
_SINGLE_LETTERS = re.compile(r"(?<![a-z0-9])(?:[a-z0-9@$][\W_]{1,3}){3,}[a-z0-9@$](?![a-z0-9])")
_INSIDE_A_WORD = re.compile(r"(?<=[a-z])[-._*'~+/\\|·•]+(?=[a-z])")
_WORD_START, _WORD_END = r"(?<![a-z0-9])", r"(?![a-z0-9])"
#: A question stays with the "no" that answers it.
_SENTENCES = re.compile(r"[.!;\n\r…]+(?=\s|$)|\n|\?+(?!\s(?:no|never|nee|nooit|ei|hayir|asla)(?![a-z]))")


@lru_cache(maxsize=512)
def fold(text: str) -> str:
    """Small Latin letters without accents, look-alikes of other alphabets replaced, invisible signs gone; the length may change."""
    for picture, word in _PICTURES.items():
        if picture in text:
            text = text.replace(picture, f" {word} ")
    text = unicodedata.normalize("NFKC", text.translate(_LETTER_SIGNS)).casefold()
    text = unicodedata.normalize("NFD", text)
    if not text.isascii():
        text = "".join(sign for sign in text if unicodedata.category(sign) not in {"Mn", "Cf", "Me"})
    return text.translate(_LOOKALIKES)


def disguised(folded: str) -> Iterator[str]:
    """What a folded text says when digits are read as letters, spelled-out words are joined, and marks inside words are dropped."""
    for one in ("i", "l"):
        read = _LEETED.sub(lambda hit, one=one: _as_letters(hit.group(), one), folded)  # type: ignore[misc]
        if read != folded:
            yield read
    spelled = _SINGLE_LETTERS.sub(lambda hit: " " + re.sub(r"[\W_]+", "", hit.group()).translate(_LEET) + " ", folded)
    if spelled != folded:
        yield spelled
    joined = _INSIDE_A_WORD.sub("", folded)
    if joined != folded:
        yield joined


def squashed(folded: str) -> str:
    """Letters only, doubled ones once: finds long words however they are broken up."""
    return re.sub(r"([a-z])\1+", r"\1", re.sub(r"[^a-z]+", "", folded))


def sentences(folded: str) -> list[str]:
    return [part.strip() for part in _SENTENCES.split(folded) if part and part.strip()]


def pattern_of(term: str) -> str:
    """The regular expression of one term, for folded texts, without the borders of words."""
    words = fold(term).split()
    parts = [re.escape(word.strip("*")) for word in words]
    for at, word in enumerate(words):
        if word == "*":
            parts[at] = "[a-z0-9]+"
            continue
        if word.startswith("*"):
            parts[at] = "[a-z]*" + parts[at]
        if word.endswith("*"):
            parts[at] += "[a-z]*"
    return r"[\s'-]+".join(parts)


@dataclass(frozen=True, slots=True)
class Hit:
    """A term that was found in a folded text."""

    text: str
    start: int
    end: int


class Lexicon:
    """Terms of one thing. ``harmless`` terms hide what they cover: ``grape-sized`` for grapes, ``kananmuna`` for chicken."""

    def __init__(self, terms: Iterable[str], harmless: Iterable[str] = ()) -> None:
        patterns, passes = [pattern_of(term) for term in terms], [pattern_of(term) for term in harmless]
        self._any = _one_of([*patterns, *passes])
        self._harmless = _one_of(passes)
        self._stems = frozenset(re.sub(r"\W", "", pattern.replace("[a-z]*", "")) for pattern in patterns)

    def hits(self, folded: str) -> list[Hit]:
        """Where terms stand in a folded text."""
        if self._any is None:
            return []
        return [Hit(hit.group(), hit.start(), hit.end()) for hit in self._any.finditer(folded) if not self._is_harmless(hit.group())]

    def without_harmless(self, folded: str) -> str:
        """The text without the words that only look like a term."""
        return self._harmless.sub(" ", folded) if self._harmless else folded

    def names_exactly(self, word: str) -> bool:
        """Whether a word is a term itself, give or take two letters of an ending."""
        return any(word.startswith(stem) and len(word) - len(stem) <= 2 for stem in self._stems)

    def _is_harmless(self, text: str) -> bool:
        return bool(self._harmless and self._harmless.fullmatch(text))


def _one_of(patterns: list[str]) -> re.Pattern[str] | None:
    longest_first = "|".join(sorted(patterns, key=len, reverse=True))
    return re.compile(f"{_WORD_START}(?:{longest_first}){_WORD_END}") if patterns else None


def _as_letters(token: str, one: str) -> str:
    return token if _QUANTITY.fullmatch(token) else token.translate(_LEET).replace("1", one)
