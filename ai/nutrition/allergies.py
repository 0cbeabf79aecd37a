"""Which ingredients an animal with allergies must not get, hidden and derived ones too."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ai.lexicons import allergen_lexicon, allergens, word_list
from ai.profiles import AnimalProfile
from ai.words import disguised, fold

from .ingredients import Ingredient, Pantry

MAX_FREE_TEXT = 500
#: Words in what an owner typed that name no food.
_FILLERS = frozenset(word_list("no_food"))


def allergy_keys(profile: AnimalProfile) -> frozenset[str]:
    """The allergies the owner chose, and those that can be read from what the owner typed."""
    return profile.allergies | _keys_in(profile.other_allergies[:MAX_FREE_TEXT], profile.language)


def allergen_name(key: str, pantry: Pantry, language: str) -> str:
    """The allergen as people call it."""
    names = pantry.allergen_names.get(key, {})
    if names.get(language):
        return names[language]
    allergen = allergens().get(key)
    return allergen.name(language) if allergen else names.get("en") or key


def allergens_of(ingredient: Ingredient, keys: frozenset[str], pantry: Pantry) -> frozenset[str]:
    """Which of the allergens an ingredient holds: by its row, and by the words of its names (chicken fat comes from chicken)."""
    return frozenset(key for key in keys if key in ingredient.allergens or _is_named(ingredient, key, pantry.allergen_words))


def forbidden(profile: AnimalProfile, pantry: Pantry) -> frozenset[str]:
    """Keys of the ingredients that the animal must not get for its allergies."""
    keys, typed = allergy_keys(profile), typed_words(profile)
    if not keys and not typed:
        return frozenset()
    return frozenset(
        ingredient.key for ingredient in pantry.ingredients if allergens_of(ingredient, keys, pantry) or _is_typed(ingredient, typed)
    )


def typed_words(profile: AnimalProfile) -> frozenset[str]:
    """The folded words in the free text that may name a food which no allergen of the list covers."""
    return _words_in(profile.other_allergies[:MAX_FREE_TEXT])


def _is_named(ingredient: Ingredient, key: str, words: Mapping[str, tuple[str, ...]]) -> bool:
    return _names_it(tuple(ingredient.names.items()), key, words.get(key, ()))


@lru_cache(maxsize=20_000)
def _names_it(names: tuple[tuple[str, str], ...], key: str, extra: tuple[str, ...]) -> bool:
    return any(allergen_lexicon(key, language, extra).hits(fold(name)) for language, name in names)


def _is_typed(ingredient: Ingredient, typed: frozenset[str]) -> bool:
    return bool(typed) and any(word in _folded(name) for name in ingredient.all_names for word in typed)


@lru_cache(maxsize=5_000)
def _folded(name: str) -> str:
    return fold(name)


@lru_cache(maxsize=1_000)
def _keys_in(text: str, language: str) -> frozenset[str]:
    if not text.strip():
        return frozenset()
    folded = fold(text)
    texts = [folded, *disguised(folded)]
    return frozenset(key for key in allergens() if any(allergen_lexicon(key, language).hits(each) for each in texts))


@lru_cache(maxsize=1_000)
def _words_in(text: str) -> frozenset[str]:
    words = "".join(sign if sign.isalpha() else " " for sign in fold(text)).split()
    found = {word for word in words if len(word) >= 4 and word not in _FILLERS}
    return frozenset(found | {word.removesuffix("s") for word in found if len(word) > 4})
