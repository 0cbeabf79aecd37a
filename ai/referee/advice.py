"""Judging words: toxic foods, allergens, medicines, dangerous advice, and claims that only the nutrient check may make."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from ai.lexicons import Hazard, allergen_lexicon, hazards, word_list
from ai.nutrition.allergies import allergy_keys, typed_words
from ai.nutrition.ingredients import Pantry
from ai.profiles import AnimalProfile
from ai.words import Lexicon, fold, pattern_of, sentences

from .mentions import Text, folded_pieces, is_warned_of, may_name, recommended
from .verdicts import Finding

_DOSE_PER_KG = re.compile(
    r"\d\s*(?:mg|mcg|ug|ml|iu|ie)\s*(?:/|per|pro|kohti|kilo|p\.?)\s*(?:kg|kilo|lb|pound)|(?:mg|ml)/kg|mg kiloa kohti|kilo basina|kg basina"
)
_DRUG_WORD = Lexicon(word_list("medicine_words"))
_VET = Lexicon(word_list("vet_words"))
_CLAIM = Lexicon(word_list("complete_claims"))
_NOT_CLAIM = re.compile(r"(?<![a-z])(?:not|never|isn't|aren't|no|ei|eivat|ole|niet|geen|degil\w*|un)(?![a-z])")


def unsafe_words(texts: Sequence[Text], profile: AnimalProfile) -> Iterator[Finding]:
    """Toxic foods, medicines and dangerous advice that the texts recommend to this species."""
    pieces = folded_pieces(texts)
    for hazard in hazards():
        if not hazard.concerns(profile.species):
            continue
        lexicon = hazard.lexicon(profile.language)
        named = [piece for piece in pieces if lexicon in _may_be_named(piece[1], profile.language)]
        for mention in recommended(lexicon, named, hazard.squashed):
            if hazard.kind == "medicine" and not mention.is_disguised and _is_left_to_the_vet(hazard, texts, profile.language):
                continue
            kind = "disguised" if mention.is_disguised else "named as something to give or do"
            yield Finding(hazard.kind, mention.where, f"{hazard.key}: {mention.word!r} is {kind}")
    yield from _doses(texts, profile.language)


def allergens_named(
    texts: Sequence[Text], profile: AnimalProfile, pantry: Pantry | None, no_food: frozenset[str] = frozenset()
) -> Iterator[Finding]:
    """Allergens of the animal that the texts recommend, by synonyms in four languages; chicken fat comes from chicken.

    ``no_food`` are words that the engine itself says to this owner: who types them among the allergies names no food.
    """
    words = pantry.allergen_words if pantry else {}
    keys = allergy_keys(profile)
    pieces = folded_pieces(texts)
    for key in sorted(keys):
        for mention in recommended(allergen_lexicon(key, profile.language, words.get(key, ())), pieces):
            yield Finding("allergen", mention.where, f"{mention.word!r} is or comes from {key}, to which the animal is allergic")
    if typed := sorted(typed_words(profile) - no_food):
        for mention in recommended(_typed_lexicon(tuple(typed)), pieces):
            yield Finding("allergen", mention.where, f"{mention.word!r} is among the other allergies that the owner typed")


@lru_cache(maxsize=4_000)
def _may_be_named(folded: str, language: str) -> frozenset[Lexicon]:
    """The hazards that a piece needs a closer look for. Most pieces are the engine's own and come again in the next plan."""
    lexicons = [(hazard.lexicon(language), hazard.squashed) for hazard in hazards()]
    return frozenset(lexicon for lexicon, squashed in lexicons if may_name(lexicon, folded, squashed))


@lru_cache(maxsize=256)
def _typed_lexicon(words: tuple[str, ...]) -> Lexicon:
    return Lexicon(f"{word}*" for word in words)


def claims_completeness(text: str) -> bool:
    """Whether a text calls food balanced or complete."""
    for sentence in sentences(fold(text)):
        for claim in _CLAIM.hits(sentence):
            near = sentence[max(0, claim.start - 25) : claim.start] + " " + sentence[claim.end : claim.end + 25]
            if not _NOT_CLAIM.search(near):
                return True
    return False


def _doses(texts: Sequence[Text], language: str) -> Iterator[Finding]:
    drugs = [hazard.lexicon(language) for hazard in hazards() if hazard.kind == "medicine"]
    for piece in texts:
        folded = fold(piece.text)
        if found := _DOSE_PER_KG.search(folded):
            yield Finding("medicine_dose", piece.where, f"{found.group()!r} is a dose by weight")
            continue
        for sentence in sentences(folded):
            amount = _amount().search(sentence)
            named = [drug for drug in drugs if drug.hits(sentence)] if amount else []
            if amount and (named or _DRUG_WORD.hits(sentence)) and not (named and all(is_warned_of(drug, sentence) for drug in named)):
                yield Finding("medicine_dose", piece.where, f"{amount.group()!r} beside a medicine")
                break


@cache
def _amount() -> re.Pattern[str]:
    """``200 mg``, ``half a tablet``, ``1/4 tablet``."""
    units = "|".join(pattern_of(unit) for unit in word_list("dose_units"))
    counts = "|".join(word_list("dose_counts"))
    return re.compile(rf"(?:\d+(?:[.,/]\d+)?\s*|(?<![a-z])(?:{counts}) (?:an? |of a )?(?:[a-z]+ )?)(?:{units})(?![a-z])")


def _is_left_to_the_vet(hazard: Hazard, texts: Sequence[Text], language: str) -> bool:
    """Whether every sentence that names the medicine leaves it to the vet and gives no amount."""
    lexicon = hazard.lexicon(language)
    named = [sentence for piece in texts for sentence in sentences(fold(piece.text)) if lexicon.hits(sentence)]
    return all(_VET.hits(sentence) and not _amount().search(sentence) for sentence in named)
