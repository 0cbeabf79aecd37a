"""Body condition and weight: what the score says, the weight to aim for, and losing weight in stages that can be stopped."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ai.profiles import AnimalProfile

from . import growth, species

#: The score from which points are counted: within the ideal range of every species, and the published formulas stand for it.
IDEAL_SCORE = 5
#: The scores at which nothing is to be gained or lost, lowest and highest: 4 and 5 for dogs, 5 alone for cats (WSAVA 2011, Laflamme 1997).
IDEAL_RANGE = {species.DOG: (4, 5), species.CAT: (5, 5)}
USUAL_RANGE = (4, 5)
#: Each point above 5 is about 10 % of the ideal weight too much, each below about 10 % too little (AAHA 2021, WSAVA 2011).
SHARE_PER_POINT = 0.10
#: Stages are at most this part of the weight at their start, so that the amount is reckoned anew on the way.
STAGE_SHARE = 0.10
#: Share of the weight that may be lost in a week (AAHA 2014): slowest, fastest.
WEEKLY_LOSS = {species.DOG: (0.01, 0.02), species.CAT: (0.005, 0.01)}
#: Times the resting energy at the weight to reach (AAHA 2014): from score 8 on, and the gentler one for 7.
LOSS_FACTORS = {species.DOG: (1.0, 1.2), species.CAT: (0.8, 1.0)}
#: With these a vet decides whether weight may be lost at all.
VET_DECIDES = frozenset(
    [
        "pregnancy-lactation",
        "diabetes-mellitus",
        "chronic-kidney-disease",
        "liver-disease",
        "portosystemic-shunt",
        "heart-disease",
        "cancer",
        "anaemia",
        "pancreatitis",
        "hyperthyroidism",
        "addisons-disease",
        "protein-losing",
        "epi",
        "fiv-felv",
    ]
)


@dataclass(frozen=True, slots=True)
class Stage:
    """Eat ``kcal`` a day until the animal weighs ``until_kg``; takes between the two numbers of weeks."""

    until_kg: float
    kcal: float
    weeks_low: int
    weeks_high: int


def score_of(profile: AnimalProfile) -> int | None:
    """The body condition if it is on the scale, else None."""
    score = profile.body_condition
    return score if score is not None and 1 <= score <= 9 else None


def score_of_range(low: int, high: int) -> int:
    """The score that stands for a range: the ideal one if it is among them, else the middle, rounded down."""
    return IDEAL_SCORE if low <= IDEAL_SCORE <= high else (low + high) // 2


def is_ideal(profile: AnimalProfile) -> bool:
    """Whether the score is within the ideal range of the species."""
    score = score_of(profile)
    low, high = IDEAL_RANGE.get(profile.species, USUAL_RANGE)
    return score is not None and low <= score <= high


def target_weight(profile: AnimalProfile, weight_kg: float) -> float:
    """The weight at a body condition of 5; the weight it has within the ideal range."""
    score = score_of(profile)
    if score is None or is_ideal(profile):
        return weight_kg
    return weight_kg / (1 + SHARE_PER_POINT * (score - IDEAL_SCORE))


def loses_weight(profile: AnimalProfile) -> bool:
    """Whether the engine may plan weight loss: 7 or more, grown, and nothing for which a vet must decide."""
    score = score_of(profile)
    return (
        score is not None
        and score >= 7
        and not growth.is_growing(profile)
        and not profile.health_issues & VET_DECIDES
        and not (profile.species == species.CAT and profile.appetite == "low-appetite")
    )


def loss_factor(profile: AnimalProfile) -> float:
    strict, gentle = LOSS_FACTORS[profile.species]
    return strict if (score_of(profile) or 0) >= 8 else gentle


def loss_stages(profile: AnimalProfile, weight_kg: float) -> list[Stage]:
    """From today's weight to the target, each stage at the resting energy of its own end."""
    target = target_weight(profile, weight_kg)
    slow, fast = WEEKLY_LOSS[profile.species]
    factor = loss_factor(profile)
    stages, start = [], weight_kg
    while start - target > 0.001 * weight_kg:
        end = max(target, start * (1 - STAGE_SHARE))
        lost = math.log(start / end)
        kcal = 70 * end**0.75 * factor
        stages.append(Stage(round(end, 2), kcal, math.ceil(lost / fast), math.ceil(lost / slow)))
        start = end
    return stages
