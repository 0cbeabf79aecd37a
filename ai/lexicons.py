"""The word lists of ``reference_data/``, read once: toxic foods, medicines, dangerous advice, allergens. Pure.

In a list's cell the terms stand between ``|``. ``term!`` counts only in texts of its own language (Dutch ``room`` is cream),
``term!fi`` in all but that one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fammo.common.languages import CODES

from .words import Lexicon, fold, squashed

DIRECTORY = Path(__file__).parent / "reference_data"
ALLERGY_FILE = Path(__file__).parents[1] / "pets" / "reference_data" / "food_allergies.csv"
EVERY_SPECIES = "*"
TOXIC, MEDICINE, ADVICE = "toxic_food", "medicine", "dangerous_advice"
#: Out of the household's own cabinet, and deadly: no doubt is left about these.
PAINKILLERS = frozenset({"paracetamol", "nsaid"})


@dataclass(frozen=True)
class Hazard:
    """A food, medicine or advice that must not be recommended to the ``species`` (``*``: to none), and its terms by language."""

    key: str
    kind: str
    species: frozenset[str]
    names: Mapping[str, str]
    terms: Mapping[str, tuple[str, ...]]
    harmless: tuple[str, ...]
    squashed: tuple[str, ...]
    source: str

    def concerns(self, species: str) -> bool:
        return EVERY_SPECIES in self.species or species in self.species

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names.get("en") or self.key

    def lexicon(self, language: str) -> Lexicon:
        return _hazard_lexicons(language)[self.kind, self.key]


@dataclass(frozen=True)
class Allergen:
    """A food that a pet may be allergic to: its name, and the terms by which it hides in ingredients."""

    key: str
    names: Mapping[str, str]
    terms: Mapping[str, tuple[str, ...]]
    harmless: tuple[str, ...]

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names.get("en") or self.key


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of one of our files (UTF-8 with a header)."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lexicon_of_row(row: Mapping[str, str], language: str) -> Lexicon:
    """The terms of a row (``terms_en`` … and ``harmless``) that count in a text of a language."""
    return Lexicon(_spoken({code: split(row[f"terms_{code}"]) for code in CODES}, language), split(row["harmless"]))


def split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


@cache
def word_list(name: str) -> tuple[str, ...]:
    """One of the plain lists of ``word_lists.csv``, all languages together."""
    return tuple(word for row in read_rows(DIRECTORY / "word_lists.csv") if row["list"] == name for word in split(row["words"]))


@cache
def hazards() -> tuple[Hazard, ...]:
    """Everything that no text may recommend."""
    kinds = {"toxic_food": "toxic_foods.csv", "medicine": "medicines.csv", "dangerous_advice": "dangerous_advice.csv"}
    return tuple(_hazard(kind, row) for kind, name in kinds.items() for row in read_rows(DIRECTORY / name))


@cache
def allergens() -> Mapping[str, Allergen]:
    """The pets' food allergies with the synonyms of their list and the inflected and compound forms of ours."""
    own = {row["allergen"]: row for row in read_rows(DIRECTORY / "allergen_words.csv")}
    found = {}
    for row in read_rows(ALLERGY_FILE):
        extra = own.get(row["slug"], {})
        terms = {code: split(extra.get(f"terms_{code}", "")) + _unmistakable(split(row[f"synonyms_{code}"])) for code in CODES}
        names = {code: row[f"name_{code}"] for code in CODES}
        found[row["slug"]] = Allergen(row["slug"], names, terms, split(extra.get("harmless", "")))
    return found


@cache
def allergen_lexicon(key: str, language: str, extra: tuple[str, ...] = ()) -> Lexicon:
    """What names an allergen in a text of a language; ``extra`` are synonyms that editors added."""
    allergen = allergens().get(key)
    if allergen is None:
        return Lexicon(extra)
    return Lexicon((*_spoken(allergen.terms, language), *_unmistakable(extra)), allergen.harmless)


@cache
def _hazard_lexicons(language: str) -> Mapping[tuple[str, str], Lexicon]:
    return {(hazard.kind, hazard.key): Lexicon(_spoken(hazard.terms, language), hazard.harmless) for hazard in hazards()}


def _hazard(kind: str, row: dict[str, str]) -> Hazard:
    return Hazard(
        key=row["key"],
        kind=kind,
        species=frozenset(split(row["species"])),
        names={code: row.get(f"name_{code}", "") for code in CODES},
        terms={code: split(row[f"terms_{code}"]) for code in CODES},
        harmless=split(row["harmless"]),
        squashed=tuple(squashed(fold(term)) for term in split(row.get("squashed", ""))),
        source=row["source"],
    )


def _spoken(terms: Mapping[str, tuple[str, ...]], language: str) -> Iterator[str]:
    """The terms of all languages that count in a text of this one."""
    for code, words in terms.items():
        for word in words:
            term, mark, without = word.partition("!")
            if not mark or (code == language if not without else language != without):
                yield term


def _unmistakable(words: Iterable[str]) -> tuple[str, ...]:
    """Short synonyms ("ei", "os", "voi") are other words in other languages; our own list says how they count."""
    return tuple(word for word in words if len(fold(word)) >= 5)
