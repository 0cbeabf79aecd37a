"""Undoing disguises."""

from __future__ import annotations

import pytest

from ai.lexicons import allergen_lexicon, hazards
from ai.words import Lexicon, disguised, fold


@pytest.mark.parametrize(
    "text",
    [
        "Koivusokeri",
        "KOİVUSOKERİ",
        "ko\u200bivu\u00adsokeri",
        "kоivusоkeri",
        "ＫＯＩＶＵＳＯＫＥＲＩ",
        "𝐤𝐨𝐢𝐯𝐮𝐬𝐨𝐤𝐞𝐫𝐢",
        "ḳöịvüsökërï",
        "🅚🅞🅘🅥🅤🅢🅞🅚🅔🅡🅘",
    ],
)
def test_folding_leaves_plain_small_letters(text: str) -> None:
    assert fold(text).replace(" ", "") == "koivusokeri"


@pytest.mark.parametrize("text", ["gr4pes", "g r a p e s", "g-r-a-p-e-s", "g.r.a.p.e.s", "gr-apes", "gr@pe$"])
def test_disguises_are_read(text: str) -> None:
    assert any("grapes" in reading for reading in disguised(fold(text)))


@pytest.mark.parametrize("text", ["200g rice", "8:00 am", "2 x 50 ml", "1st meal"])
def test_quantities_are_not_read_as_words(text: str) -> None:
    assert not any(set(reading.split()) - set(fold(text).split()) for reading in disguised(fold(text)))


def test_a_harmless_word_hides_what_it_covers() -> None:
    grapes = Lexicon(["grape*"], harmless=["grape sized"])

    assert [hit.text for hit in grapes.hits("a grape-sized piece of a grape")] == ["grape"]


@pytest.mark.parametrize(
    ("allergen", "text", "found"),
    [
        ("chicken", "kananrasva", True),
        ("chicken", "kippenvet", True),
        ("chicken", "tavuğun yağı", True),
        ("chicken", "kananmuna", False),
        ("egg", "kananmunaa", True),
        ("pork", "porkkana", False),
        ("wheat", "karabuğday", False),
        ("wheat", "buğdaylı", True),
        ("rabbit", "kanin", True),
        ("dairy", "voi syödä", False),
    ],
)
def test_allergens_are_known_by_their_inflected_and_compound_names(allergen: str, text: str, found: bool) -> None:
    assert bool(allergen_lexicon(allergen, "en").hits(fold(text))) is found


def test_a_short_word_counts_only_in_its_own_language() -> None:
    onion = next(hazard for hazard in hazards() if hazard.key == "onion")

    assert onion.lexicon("nl").hits(fold("een ui"))
    assert not onion.lexicon("fi").hits(fold("koira ui"))
