"""What the referee refuses in a plan, and what it makes of one that it accepts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from ai.nutrition import compose_health_report, compose_meal_plan, standard_pantry
from ai.profiles import AnimalProfile
from ai.referee import Verdict, review_health_report, review_raw_health_report, review_raw_meal_plan, review_text
from ai.schemas import ProposedHealthReport
from tests.ai.generated import HARMLESS, outputs, proposed

PANTRY = standard_pantry()
MAX = AnimalProfile(
    "dog", 25.5, age_months=48, neutered=True, body_condition=5, allergies=frozenset({"chicken"}), food_types=("home-cooked",)
)
MIRRI = AnimalProfile("cat", 4.2, age_months=60, neutered=True, body_condition=5)


def plan_of(profile: AnimalProfile) -> dict[str, Any]:
    return proposed(compose_meal_plan(profile, PANTRY))


def judged(plan: dict[str, Any], profile: AnimalProfile = MAX) -> Verdict:
    return review_raw_meal_plan(json.dumps(plan), profile, PANTRY)


def codes(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.findings}


def test_a_good_plan_is_accepted_with_the_engines_numbers() -> None:
    plan = plan_of(MAX)
    plan["der_kcal"] += 10
    plan["nutrient_targets"]["protein_percent"] = "99%"
    plan["options"][0]["name"] = "Max's favourite stew"

    verdict = judged(plan)

    own = compose_meal_plan(MAX, PANTRY)
    assert verdict.accepted
    assert verdict.findings == ()
    assert verdict.plan is not None
    assert verdict.plan.der_kcal == own.der_kcal
    assert verdict.plan.nutrient_targets == own.nutrient_targets
    assert verdict.plan.basis == own.basis
    assert verdict.plan.options[0].name == "Max's favourite stew"
    assert verdict.plan.safety_notes == own.safety_notes


def test_what_a_model_leaves_unsaid_is_said() -> None:
    verdict = judged(plan_of(MAX) | {"safety_notes": []})

    assert verdict.plan is not None
    assert any(note.startswith("Never give grapes") for note in verdict.plan.safety_notes)


def test_the_ingredient_may_be_named_as_people_do() -> None:
    dog = replace(MAX, allergies=frozenset())
    kcal = compose_meal_plan(dog, PANTRY).der_kcal
    plan = plan_of(dog)
    plan["options"] = [
        {
            "name": "Beef and rice",
            "overview": "Cooked at home.",
            "sections": [{"title": "All", "items": [f"{kcal * 0.5 / 1.75:.0f}g lean beef", f"{kcal * 0.5 / 1.30:.0f} g of boiled rice"]}],
        }
    ]

    verdict = judged(plan, dog)

    assert verdict.accepted, verdict.findings


def _sections(plan: dict[str, Any]) -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = plan["options"][0]["sections"]
    return sections


@pytest.mark.parametrize(
    ("code", "spoil"),
    [
        ("energy", lambda plan: plan.update(der_kcal=plan["der_kcal"] * 2)),
        ("energy", lambda plan: plan.update(der_kcal=-5)),
        ("energy", lambda plan: _sections(plan)[0]["items"].append("100g cooked white rice")),
        ("unknown_item", lambda plan: _sections(plan)[0]["items"].append("100g unicorn steak")),
        ("unknown_item", lambda plan: _sections(plan)[0]["items"].append("a spoon of rapeseed oil")),
        ("unknown_item", lambda plan: _sections(plan)[0]["items"].append("0g rice")),
        ("toxic_food", lambda plan: _sections(plan)[0]["items"].append("10g grapes")),
        ("toxic_food", lambda plan: _sections(plan)[0].update(title="Protein with onions")),
        ("toxic_food", lambda plan: plan["options"][0].update(overview="Served with raisins.")),
        ("toxic_food", lambda plan: plan["options"][0].update(name="Choc-olate stew")),
        ("toxic_food", lambda plan: plan["feeding_schedule"][0].update(note="50% of daily calories, add a few grapes")),
        ("allergen", lambda plan: _sections(plan)[0]["items"].append("5g chicken fat")),
        ("allergen", lambda plan: plan["options"][0].update(overview="Tastes of chicken.")),
        ("medicine_dose", lambda plan: plan["safety_notes"].append("Give 100 mg of aspirin a day.")),
        ("dangerous_advice", lambda plan: plan["safety_notes"].append("Let him fast for a day each week.")),
        ("schedule", lambda plan: plan.update(feeding_schedule=[])),
        ("schedule", lambda plan: plan["feeding_schedule"].pop()),
        ("schedule", lambda plan: plan["feeding_schedule"][0].update(time="when hungry")),
        ("schedule", lambda plan: plan["feeding_schedule"][0].update(note="Half of it")),
        ("structure", lambda plan: plan.update(options=[])),
        ("claim", lambda plan: plan["options"][0].update(name="Balanced home-cooked meal")),
        ("claim", lambda plan: plan["safety_notes"].append("These meals are nutritionally complete.")),
        ("too_long", lambda plan: plan["options"][0].update(overview="word " * 500)),
        ("too_long", lambda plan: plan.update(safety_notes=["x"] * 100)),
        ("malformed", lambda plan: plan.update(der_kcal="many")),
        ("malformed", lambda plan: plan.update(surprise=1)),
        ("malformed", lambda plan: plan.pop("options")),
    ],
)
def test_a_fault_is_refused(code: str, spoil: Callable[[dict[str, Any]], Any]) -> None:
    plan = plan_of(MAX)
    spoil(plan)

    verdict = judged(plan)

    assert not verdict.accepted
    assert verdict.plan is None
    assert code in codes(verdict)


@pytest.mark.parametrize("raw", ["", "null", "[]", "not json", "{", b"\xff\xfe", '{"der_kcal": NaN}', "[" * 100_000, "x" * 10_000_000])
def test_what_is_no_plan_is_refused_and_never_raises(raw: str | bytes) -> None:
    assert not review_raw_meal_plan(raw, MAX, PANTRY).accepted
    assert not review_raw_health_report(raw, MAX).accepted


def test_markup_and_links_are_taken_out() -> None:
    plan = plan_of(MAX)
    plan["options"][0]["name"] = "<script>alert(1)</script><b>Stew</b> &lt;img src=x onerror=alert(1)&gt;"
    plan["options"][0]["overview"] = "Good [food](javascript:alert(1)), see https://evil.example/x or mail a@b.example \u202e"

    verdict = judged(plan)

    assert verdict.plan is not None
    assert verdict.plan.options[0].name == "Stew"
    assert verdict.plan.options[0].overview == "Good food, see or mail"


def test_treats_above_a_tenth_are_refused() -> None:
    plan = plan_of(replace(MAX, allergies=frozenset()))
    kcal = plan["der_kcal"]
    plan["options"] = plan["options"][:1]
    plan["options"][0]["sections"] = [
        {
            "title": "Food",
            "items": [f"{kcal * 0.8 / 3.61:.0f}g dry dog food, adult, chicken and rice", f"{kcal * 0.2 / 3.38:.0f}g dog biscuits"],
        }
    ]

    assert "treats" in codes(judged(plan, replace(MAX, allergies=frozenset())))


def test_a_meal_of_meat_alone_is_outside_the_targets() -> None:
    plan = plan_of(MAX)
    plan["options"][0]["sections"] = [{"title": "Meat", "items": [f"{plan['der_kcal'] / 1.34:.0f}g cooked moose"]}]

    assert "nutrients" in codes(judged(plan))


def test_a_cat_must_not_be_fed_on_plants_or_on_the_food_of_dogs() -> None:
    plan = plan_of(MIRRI)
    kcal = plan["der_kcal"]
    plan["options"] = [
        {"name": "A", "overview": "A.", "sections": [{"title": "A", "items": [f"{kcal / 1.44:.0f}g firm tofu"]}]},
        {"name": "B", "overview": "B.", "sections": [{"title": "B", "items": [f"{kcal / 0.92:.0f}g wet dog food, adult, beef"]}]},
    ]

    assert {"vegan_cat", "species"} <= codes(judged(plan, MIRRI))


def test_an_illness_keeps_its_ingredients_out() -> None:
    dog = replace(MAX, health_issues=frozenset({"urinary-stones-oxalate"}))
    plan = plan_of(dog)
    plan["options"][0]["sections"][0]["items"].append("10g cooked spinach")

    assert "health" in codes(judged(plan, dog))


def test_where_the_engine_gives_no_meals_nobody_does() -> None:
    plan = plan_of(MAX)

    assert codes(judged(plan, AnimalProfile("rabbit", 2.0))) == {"outcome"}
    assert codes(judged(plan, replace(MAX, age_months=3, body_condition=1))) == {"outcome"}


def test_a_report_is_judged_and_keeps_the_engines_numbers() -> None:
    verdict = review_health_report(ProposedHealthReport(summary="Max is <b>well</b>.", suggestions=["Weigh him.", ""]), MAX)

    own = compose_health_report(MAX)
    assert verdict.report is not None
    assert verdict.report == own.model_copy(update={"summary": "Max is well.", "suggestions": ["Weigh him."]})


@pytest.mark.parametrize("language", ["en", "fi", "nl", "tr"])
@pytest.mark.parametrize("condition", [None, 1, 3, 5, 8])
@pytest.mark.parametrize("animal", [MAX, MIRRI])
def test_the_engines_own_report_is_accepted_in_every_language(animal: AnimalProfile, condition: int | None, language: str) -> None:
    animal = replace(animal, body_condition=condition, language=language)

    with translation.override(language):
        verdict = review_health_report(compose_health_report(animal), animal)

    assert verdict.findings == ()


@pytest.mark.parametrize("text", ["Give 5 mg/kg of carprofen.", "Grapes are fine for him.", "", "<b></b>", "x" * 5_000])
def test_an_unsafe_report_is_refused(text: str) -> None:
    assert not review_health_report(ProposedHealthReport(summary=text, suggestions=[]), MAX).accepted


def test_a_chat_answer_is_cleaned() -> None:
    verdict = review_text("Feed <i>twice</i> a day. https://evil.example", MAX)

    assert verdict.accepted
    assert verdict.text == "Feed twice a day."


def test_of_generated_outputs_no_faulty_one_is_accepted() -> None:
    seen = Counter[str]()
    for profile, kind, raw in outputs(seed=7, count=150):
        verdict = review_raw_meal_plan(raw, profile, PANTRY)
        seen[kind] += 1
        assert verdict.accepted is (kind in HARMLESS), (kind, raw[:2000], verdict.findings)
        assert "<" not in "".join(option.name + option.overview for option in verdict.plan.options) if verdict.plan else True
    assert len(seen) >= 12
