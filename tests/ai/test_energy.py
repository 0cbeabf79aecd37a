"""Published figures, and what changes them."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from ai.nutrition import condition, growth
from ai.nutrition.energy import energy_need, maintenance_kcal, resting_kcal
from ai.profiles import AnimalProfile, LifeStage

DOG = AnimalProfile("dog", 15.0, age_months=48, neutered=True, activity="moderate", body_condition=5)
CAT = AnimalProfile("cat", 4.0, age_months=48, neutered=True, activity="moderate", body_condition=5)


@pytest.mark.parametrize(("weight", "published"), [(5, 234), (10, 394), (20, 662)])
def test_resting_energy_is_as_published(weight: float, published: int) -> None:
    assert round(resting_kcal(weight)) == published


@pytest.mark.parametrize(
    ("species", "weight", "coefficient", "published"),
    [("dog", 15, 110, 838), ("dog", 15, 95, 724), ("cat", 4, 100, 253), ("cat", 4, 75, 189)],
)
def test_maintenance_is_as_published(species: str, weight: float, coefficient: float, published: int) -> None:
    # The last of them is 189.86: FEDIAF's table cuts the fraction off.
    assert math.floor(maintenance_kcal(species, weight, coefficient)) == published


def test_a_need_tells_how_it_was_found() -> None:
    need = energy_need(DOG)

    assert need is not None
    assert round(need.likely) == 838
    assert need.low < need.likely < need.high
    assert need.factor == pytest.approx(110 / 70)
    assert need.formula == "110.0 · kg^0.75"
    assert "FEDIAF" in need.edition
    assert need.inputs == {"weight_kg": 15.0, "reference_weight_kg": 15.0, "activity": "moderate"}
    assert need.steps == ("activity moderate: 110 kcal · kg^0.75",)


def test_a_neutered_cat_indoors_needs_what_fediaf_says() -> None:
    need = energy_need(CAT)

    assert need is not None
    assert math.floor(need.likely) == 189


@pytest.mark.parametrize(
    ("change", "more"),
    [
        ({"neutered": False}, True),
        ({"activity": "high"}, True),
        ({"activity": "low"}, False),
        ({"age_months": 100.0}, False),
        ({"age_months": 18.0}, True),
        ({"body_condition": 6}, False),
        ({"body_condition": 3}, True),
        ({"breed": "newfoundland"}, False),
        ({"breed": "great-dane"}, True),
        ({"health_issues": frozenset({"pregnancy-lactation"})}, True),
    ],
)
def test_traits_change_the_need_in_the_right_direction(change: dict[str, object], more: bool) -> None:
    before, after = energy_need(DOG), energy_need(replace(DOG, **change))  # type: ignore[arg-type]

    assert before is not None
    assert after is not None
    assert (after.likely > before.likely) is more
    assert after.likely != before.likely


@pytest.mark.parametrize(
    ("animal", "score", "reference"),
    [
        *((DOG, score, 15.0) for score in (None, 1, 2, 4, 5)),
        (DOG, 3, 18.75),
        (DOG, 6, 13.64),
        *((CAT, score, 4.0) for score in (None, 1, 2, 5)),
        (CAT, 3, 5.0),
        (CAT, 4, 4.44),
        (CAT, 6, 3.64),
    ],
)
def test_only_outside_the_ideal_range_another_weight_counts(animal: AnimalProfile, score: int | None, reference: float) -> None:
    need = energy_need(replace(animal, body_condition=score))

    assert need is not None
    assert need.inputs["reference_weight_kg"] == reference
    assert any("reckoned for" in step for step in need.steps) is (reference != animal.weight_kg)


@pytest.mark.parametrize(("low", "high", "score"), [(1, 2, 1), (3, 3, 3), (4, 5, 5), (5, 5, 5), (5, 6, 5), (6, 7, 6), (8, 9, 8)])
def test_a_range_of_scores_is_ideal_when_the_ideal_is_in_it(low: int, high: int, score: int) -> None:
    assert condition.score_of_range(low, high) == score


def test_a_giant_has_a_wider_range_than_a_medium_dog() -> None:
    medium, giant = (energy_need(replace(DOG, weight_kg=50.0, size_class=size)) for size in ("medium", "giant"))

    assert medium is not None
    assert giant is not None
    assert giant.high - giant.low > medium.high - medium.low


def test_age_unknown_is_judged_by_the_stage_the_owner_chose() -> None:
    senior = energy_need(replace(DOG, age_months=None, life_stage=LifeStage.SENIOR))

    assert senior is not None
    assert round(senior.likely) == 724


@pytest.mark.parametrize(("weight", "coefficient"), [(4.0, 210), (12.0, 175), (18.0, 140)])
def test_puppies_are_fed_by_their_share_of_the_adult_weight(weight: float, coefficient: float) -> None:
    puppy = replace(DOG, weight_kg=weight, age_months=5, adult_weight_min_kg=20.0, adult_weight_max_kg=20.0)

    need = energy_need(puppy)

    assert need is not None
    assert need.likely == pytest.approx(coefficient * weight**0.75)
    assert need.inputs["share_of_adult_weight"] == round(weight / 20, 3)


@pytest.mark.parametrize(("months", "factor"), [(3, 2.25), (6, 1.875), (11, 1.5)])
def test_kittens_are_fed_by_their_age(months: float, factor: float) -> None:
    need = energy_need(replace(CAT, weight_kg=2.0, age_months=months))

    assert need is not None
    assert need.likely == pytest.approx(factor * 100 * 2.0**0.67)


def test_the_curve_of_growth_rises_to_the_adult_weight() -> None:
    for size in ("toy", "small", "medium", "large", "giant"):
        shares = [growth.expected_share(replace(DOG, size_class=size, age_months=month)) for month in range(30)]
        assert shares == sorted(shares)
        assert shares[-1] == 1.0


def test_a_heavy_puppy_never_loses_weight() -> None:
    puppy = replace(DOG, weight_kg=8.0, age_months=5, body_condition=9, adult_weight_min_kg=10.0, adult_weight_max_kg=12.0)

    assert not condition.loses_weight(puppy)


def test_weight_is_lost_in_stages_down_to_the_target() -> None:
    dog = replace(DOG, weight_kg=28.0, body_condition=9)

    stages, need = condition.loss_stages(dog, 28.0), energy_need(dog)

    assert [stage.until_kg for stage in stages] == [25.2, 22.68, 20.41, 20.0]
    assert stages[-1].until_kg == condition.target_weight(dog, 28.0) == 20.0
    assert all(later.kcal < earlier.kcal for earlier, later in pairwise(stages))
    assert need is not None
    assert need.likely == pytest.approx(resting_kcal(25.2))


def test_a_fat_cat_is_never_fed_less_than_four_fifths_of_its_resting_energy() -> None:
    need = energy_need(replace(CAT, weight_kg=8.0, body_condition=9))

    assert need is not None
    assert need.low >= 0.8 * resting_kcal(8.0 / 1.4) - 0.01


@pytest.mark.parametrize("issue", ["diabetes-mellitus", "chronic-kidney-disease", "cancer", "pregnancy-lactation"])
def test_with_these_illnesses_a_vet_decides_about_losing_weight(issue: str) -> None:
    assert not condition.loses_weight(replace(DOG, body_condition=9, health_issues=frozenset({issue})))


@pytest.mark.parametrize("weight", [None, 0.0, -4.0, math.nan, math.inf, 400.0, 0.001])
def test_an_impossible_weight_has_no_need(weight: float | None) -> None:
    assert energy_need(replace(DOG, weight_kg=weight)) is None


def test_other_species_have_no_invented_numbers() -> None:
    assert energy_need(AnimalProfile("rabbit", 2.0)) is None
