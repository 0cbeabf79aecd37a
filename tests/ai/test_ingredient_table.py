"""The reviewed files hold what the engine takes for granted."""

from __future__ import annotations

import pytest

from ai.lexicons import allergens, hazards
from ai.nutrition import Group, Ingredient, standard_pantry
from ai.nutrition.allergies import allergens_of
from ai.nutrition.flags import TITLES
from ai.nutrition.reports import RISKS, _risks_by_breed

INGREDIENTS = standard_pantry().ingredients


def test_there_are_enough_ingredients() -> None:
    prepared = [each for each in INGREDIENTS if each.group in {Group.COMPLETE_FOOD, Group.TREAT}]

    assert len(INGREDIENTS) - len(prepared) >= 120
    assert len([each for each in prepared if each.group is Group.COMPLETE_FOOD]) >= 20


def test_keys_and_names_are_unique_and_no_name_is_missing() -> None:
    assert len({each.key for each in INGREDIENTS}) == len(INGREDIENTS)
    for language in ("en", "fi", "nl", "tr"):
        names = [each.names[language] for each in INGREDIENTS]
        assert all(names)
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("each", INGREDIENTS, ids=lambda each: each.key)
def test_a_row_can_be_true(each: Ingredient) -> None:
    grams = each.protein + each.fat + each.carbohydrate + each.moisture
    # What is missing to 100 is fibre and ash; energy is Atwater's, the modified factors for prepared foods.
    protein, fat, carbohydrate = (3.5, 8.5, 3.5) if each.group in {Group.COMPLETE_FOOD, Group.TREAT} else (4, 9, 4)
    energy = protein * each.protein + fat * each.fat + carbohydrate * each.carbohydrate

    assert 79 <= grams <= 101.5
    assert each.kcal == pytest.approx(energy, rel=0.16, abs=8)
    assert each.source
    assert each.species <= {"dog", "cat"}
    assert each.allergens <= set(allergens())


@pytest.mark.parametrize("each", INGREDIENTS, ids=lambda each: each.key)
def test_a_row_declares_every_allergen_that_its_names_tell(each: Ingredient) -> None:
    named = allergens_of(each, frozenset(allergens()), standard_pantry())

    assert named - each.allergens == set()


def test_complete_foods_say_for_whom_they_are() -> None:
    for each in INGREDIENTS:
        if each.group is Group.COMPLETE_FOOD:
            assert each.stages
            assert each.food_type
            assert len(each.species) == 1


def test_every_hazard_has_terms_in_four_languages_and_a_source() -> None:
    for hazard in hazards():
        assert hazard.source
        assert all(hazard.terms.values()), hazard.key


def test_every_flag_and_every_breed_risk_has_its_words() -> None:
    risks = {code for found in _risks_by_breed().values() for code, _source in found}

    assert risks <= set(RISKS)
    assert set(TITLES) >= {"breathing", "poison", "bloat", "urethra"}
