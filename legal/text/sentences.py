"""Sentences of a legal text, and which of them differ between two texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from .blocks import blocks_of, plain_text, spans_of

# Ends with a full stop and ends no sentence, in the languages that we publish.
ABBREVIATIONS: Final = (
    *("e.g", "i.e", "etc", "cf", "no", "art", "sec", "inc", "ltd", "vs", "approx"),
    *("esim", "ns", "mm", "yms", "jne", "ks", "vrt", "puh", "nro", "klo"),
    *("bijv", "bv", "o.a", "m.b.t", "d.w.z", "nl", "enz", "jl", "evt", "ca"),
    *("örn", "vb", "vs", "bkz", "md", "no", "yak", "mad"),
)
END = re.compile(r"(?<=[.!?…])[\"'”’»)]*\s+(?=[\"'“‘«(]?[^\W_])")
SIMILAR = 0.5

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class Sentence:
    """A sentence, and the heading under which it stands (empty above the first)."""

    text: str
    section: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """One difference: ``before`` is empty for what was added, ``after`` for what was removed."""

    type: Kind
    section: str
    before: str
    after: str


def sentences_of(html: str) -> list[Sentence]:
    """Every sentence in reading order, headings and list items included."""
    found, section = [], ""
    for block in blocks_of(html):
        if block["type"] == "heading":
            section = plain_text(block["spans"])
        for spans in spans_of(block):
            found += [Sentence(text, section) for text in split(plain_text(spans))]
    return found


def split(text: str) -> list[str]:
    """A paragraph as sentences. A full stop after a number, an initial or a known abbreviation ends none."""
    sentences, start = [], 0
    for end in END.finditer(text):
        if not _is_unfinished(text[start : end.start()], text[end.end() :]):
            sentences.append(text[start : end.start()] + text[end.start() : end.end()].rstrip())
            start = end.end()
    return [sentence for sentence in (*sentences, text[start:]) if sentence]


def changes_between(before: Sequence[Sentence], after: Sequence[Sentence]) -> list[Change]:
    """What was added, removed and changed, in the order of the newer text."""
    matcher = SequenceMatcher(a=[each.text for each in before], b=[each.text for each in after], autojunk=False)
    found: list[Change] = []
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            found += _pair(list(before[old_start:old_end]), list(after[new_start:new_end]))
    return found


def _pair(old: list[Sentence], new: list[Sentence]) -> Iterator[Change]:
    """Within one stretch: a new sentence that resembles an old one is a change of it, in order; the rest came or went."""
    for sentence in new:
        match = next((at for at, each in enumerate(old) if _resemble(each.text, sentence.text)), None)
        if match is None:
            yield Change(type="added", section=sentence.section, before="", after=sentence.text)
            continue
        yield from (Change(type="removed", section=each.section, before=each.text, after="") for each in old[:match])
        yield Change(type="changed", section=sentence.section, before=old[match].text, after=sentence.text)
        old = old[match + 1 :]
    yield from (Change(type="removed", section=each.section, before=each.text, after="") for each in old)


def _resemble(old: str, new: str) -> bool:
    return SequenceMatcher(a=old.split(), b=new.split(), autojunk=False).ratio() >= SIMILAR


def _is_unfinished(sentence: str, rest: str) -> bool:
    if not sentence.endswith("."):
        return False
    last = sentence.rstrip(".").rpartition(" ")[2].lstrip("(\"'“‘«").casefold()
    is_ordinal = last.isdigit() and not rest[:1].isupper()
    return last in ABBREVIATIONS or is_ordinal or (len(last) == 1 and last.isalpha())
