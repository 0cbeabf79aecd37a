"""The shapes of AI results, shared by the engine, the language model's structured output and the API.

What a model may write is ``ProposedMealPlan`` and ``ProposedHealthReport``: the documented structure and nothing else. What is stored
and answered is ``MealPlan`` and ``HealthReport``: the same, with the numbers that only the engine may give (``basis``, ``weight`` …).
The schemas carry no length limits, because not every model server understands them; the referee has them (``ai.referee.limits``).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """Strict about members, so that a model's server can be asked for exactly this."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Outcome(StrEnum):
    """What a meal plan is: meals in grams, advice in words, or the call to see a vet instead of either."""

    PLAN = "plan"
    GUIDANCE = "guidance"
    SEE_A_VET = "see_a_vet"


class Claim(StrEnum):
    """What an option may be called. ``complete`` needs the nutrient check (``ai.nutrition.nutrients``)."""

    COMPLETE = "complete"
    COMPLEMENTARY = "complementary"


class Urgency(StrEnum):
    """How soon a vet must see the animal: at once, or within days."""

    NOW = "now"
    SOON = "soon"


class NutrientTargets(Shape):
    """Ranges in percent of dry matter, written ``25-30%``."""

    protein_percent: str
    fat_percent: str
    carbs_percent: str


class Section(Shape):
    """A part of a meal option; each item is grams and an ingredient, ``200g lean beef``, for one day."""

    title: str
    items: list[str]


class MealOption(Shape):
    """One way to feed the whole day."""

    name: str
    overview: str
    sections: list[Section]


class Feeding(Shape):
    """When, and which share of the day: ``Morning meal - 50% of daily calories``."""

    time: str
    note: str


class ProposedMealPlan(Shape):
    """The documented ``content_json``: what a language model is asked for."""

    der_kcal: int
    nutrient_targets: NutrientTargets
    options: list[MealOption]
    feeding_schedule: list[Feeding]
    safety_notes: list[str]


class RedFlag(Shape):
    """A sign that a vet must see: ``code`` is stable, the words are in the language of the profile."""

    code: str
    urgency: Urgency
    title: str
    advice: str
    source: str


class Energy(Shape):
    """Kilocalories a day, and how they were found: everything needed to compute them again by hand."""

    low: int
    likely: int
    high: int
    resting: int
    formula: str
    edition: str
    factor: float
    inputs: dict[str, float | str]
    steps: list[str]


class OptionFacts(Shape):
    """What one option adds up to; percentages of dry matter, treats in percent of the energy."""

    kcal: int
    protein_percent: float
    fat_percent: float
    carbs_percent: float
    treats_percent: float
    claim: Claim


class WeightStage(Shape):
    """One stage of weight loss: eat this much until that weight, then weigh and reckon again."""

    until_kg: float
    kcal: int
    weeks_low: int
    weeks_high: int


class WeightLoss(Shape):
    """Staged weight loss with its stop rules (``stop``: when to stop and ask the vet)."""

    target_kg: float
    stages: list[WeightStage]
    stop: list[str]


class Basis(Shape):
    """The engine's own part of a plan: facts per option in the order of ``options``; ``reason`` says why there are no meals."""

    outcome: Outcome
    claim: Claim
    reason: str
    energy: Energy | None
    options: list[OptionFacts]
    weight_loss: WeightLoss | None
    red_flags: list[RedFlag]
    sources: list[str]
    rules_version: str


class MealPlan(ProposedMealPlan):
    """A plan as it is stored and answered. ``der_kcal`` is 0 where ``basis.outcome`` is not ``plan`` and no energy was computed."""

    basis: Basis


class ProposedHealthReport(Shape):
    """What a language model may write of a health report: words only."""

    summary: str
    suggestions: list[str]


class WeightReading(Shape):
    """The weight against what the breed weighs; limits are None where they are not known."""

    weight_kg: float | None
    low_kg: float | None
    high_kg: float | None
    reading: Literal["below", "within", "above", "growing", "unknown"]
    note: str


class ConditionReading(Shape):
    """The body condition on the 9-point score."""

    score: int | None
    reading: Literal["very_thin", "thin", "ideal", "heavy", "obese", "unknown"]
    target_kg: float | None
    note: str


class BreedRisk(Shape):
    """A disease that the breed is known for, and what an owner can do."""

    code: str
    name: str
    advice: str
    source: str


class HealthReport(ProposedHealthReport):
    """A health report as it is stored and answered (``summary_json``)."""

    weight: WeightReading
    condition: ConditionReading
    energy: Energy | None
    breed_risks: list[BreedRisk]
    red_flags: list[RedFlag]
    sources: list[str]
    rules_version: str
