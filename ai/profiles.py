"""What the engine, the model and the referee know of an animal: nothing that names a person, a place or a pet."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum


class LifeStage(StrEnum):
    """The stage in which feeding rules differ; ``of_category`` reads the slugs of the pets' age categories."""

    GROWTH = "growth"
    ADULT = "adult"
    SENIOR = "senior"
    UNKNOWN = "unknown"

    @classmethod
    def of_category(cls, slug: str) -> LifeStage:
        """``dog-puppy`` is growth, ``cat-mature`` adult, ``dog-geriatric`` senior; what is not known is UNKNOWN."""
        word = slug.rpartition("-")[2]
        return _STAGES.get(word, cls.UNKNOWN)


_STAGES = {
    **dict.fromkeys(("puppy", "junior", "kitten", "young", "foal"), LifeStage.GROWTH),
    **dict.fromkeys(("adult", "mature"), LifeStage.ADULT),
    **dict.fromkeys(("senior", "geriatric"), LifeStage.SENIOR),
}


@dataclass(frozen=True, slots=True)
class AnimalProfile:
    """One animal in keys and numbers. Keys are the slugs of the pets' reference lists; empty or None is "not known".

    ``age_months`` may have a fraction (three weeks are 0.69). ``other_allergies`` is what an owner typed: data, never instructions.
    """

    species: str
    weight_kg: float | None
    age_months: float | None = None
    life_stage: LifeStage = LifeStage.UNKNOWN
    sex: str = ""
    neutered: bool = False
    activity: str = "moderate"
    body_condition: int | None = None
    breed: str = ""
    size_class: str = ""
    adult_weight_min_kg: float | None = None
    adult_weight_max_kg: float | None = None
    allergies: frozenset[str] = field(default_factory=frozenset)
    other_allergies: str = ""
    health_issues: frozenset[str] = field(default_factory=frozenset)
    food_types: tuple[str, ...] = ()
    treat_frequency: str = ""
    appetite: str = ""
    language: str = "en"

    @property
    def weighs(self) -> float | None:
        """The weight in kg if it is a number that an animal can have, else None."""
        weight = self.weight_kg
        return weight if weight is not None and math.isfinite(weight) and weight > 0 else None
