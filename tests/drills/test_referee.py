"""Thousands of animals and model outputs against engine and referee; the numbers are printed."""

from __future__ import annotations

from collections import Counter

import pytest

from ai.nutrition import compose_meal_plan, standard_pantry
from ai.referee import review_meal_plan, review_raw_meal_plan
from ai.schemas import Outcome
from tests.ai.generated import HARMLESS, outputs, profiles

pytestmark = pytest.mark.drill
PANTRY = standard_pantry()


def test_two_thousand_animals_get_plans_that_pass() -> None:
    seen, options = Counter[str](), Counter[int]()
    for profile in profiles(seed=1, count=2_000):
        plan = compose_meal_plan(profile, PANTRY)
        verdict = review_meal_plan(plan, profile, PANTRY)
        assert verdict.accepted, (profile, verdict.findings)
        assert plan.basis.outcome is Outcome.PLAN or plan.safety_notes
        seen[plan.basis.outcome.value] += 1
        options[len(plan.options)] += 1

    print(f"\n2,000 animals: {dict(seen)}; options: {dict(options)}; none refused")


def test_of_ten_thousand_outputs_none_that_is_unsafe_is_accepted() -> None:
    seen, accepted = Counter[str](), Counter[str]()
    for profile, kind, raw in outputs(seed=2, count=10_000):
        verdict = review_raw_meal_plan(raw, profile, PANTRY)
        seen[kind] += 1
        accepted[kind] += verdict.accepted
        assert verdict.accepted is (kind in HARMLESS), (kind, profile, raw[:2_000], verdict.findings)
        if verdict.plan:
            assert review_meal_plan(verdict.plan, profile, PANTRY).accepted

    unsafe = sum(count for kind, count in accepted.items() if kind not in HARMLESS)
    print(f"\n10,000 outputs: {dict(seen)}; accepted: {dict(+accepted)}; unsafe accepted: {unsafe}")
