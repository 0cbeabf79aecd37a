"""Reads that other apps build on."""

from __future__ import annotations

import pytest

from pets import selectors
from pets.models import FoodAllergy

CHICKEN, EGG = 3, 6


@pytest.mark.django_db
def test_an_allergen_is_known_by_its_words_in_all_four_languages() -> None:
    words = selectors.allergy_synonyms()

    assert {"chicken", "chicken fat", "broileri", "kippenvet", "tavuk"} <= words[CHICKEN]
    assert {"egg", "kananmuna", "ei", "yumurta"} <= words[EGG]
    assert "kananmuna" not in words[CHICKEN]
    assert all(word == word.strip().casefold() != "" for each in words.values() for word in each)


@pytest.mark.django_db
def test_words_of_a_retired_allergen_stay_known() -> None:
    FoodAllergy.objects.filter(pk=CHICKEN).update(is_retired=True, synonyms_fi="broileri| Kukko ||")

    assert "kukko" in selectors.allergy_synonyms()[CHICKEN]
