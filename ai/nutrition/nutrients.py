"""Nutrient targets, and the check without which nothing may be called complete.

Least amounts per 1,000 kcal are FEDIAF's (2024) for the energy intakes 95 and 110 kcal · kg^0.75 (dogs), 75 and 100 kcal · kg^0.67 (cats).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ai.profiles import AnimalProfile
from ai.schemas import NutrientTargets

from . import growth, health, species
from .ingredients import Group, Ingredient

Portion = tuple[Ingredient, float]
#: Percent of dry matter (protein, fat, carbohydrate): species, growing.
TARGETS = {
    (species.DOG, False): ((18.0, 50.0), (5.5, 32.0), (10.0, 62.0)),
    (species.DOG, True): ((25.0, 50.0), (8.5, 32.0), (10.0, 55.0)),
    (species.CAT, False): ((26.0, 68.0), (9.0, 38.0), (2.0, 46.0)),
    (species.CAT, True): ((30.0, 65.0), (9.0, 40.0), (2.0, 42.0)),
}
#: Grams of protein and fat that 1,000 kcal must hold at least (the stricter of the intakes).
LEAST_PER_1000_KCAL = {
    (species.DOG, False): (52.1, 13.75),
    (species.DOG, True): (62.5, 21.25),
    (species.CAT, False): (83.3, 22.5),
    (species.CAT, True): (75.0, 22.5),
}
COMPLETE_SHARE = 0.90
TREATS_SHARE = 0.10


@dataclass(frozen=True, slots=True)
class Ranges:
    """Lowest and highest percent of dry matter."""

    protein: tuple[float, float]
    fat: tuple[float, float]
    carbs: tuple[float, float]

    def texts(self) -> NutrientTargets:
        protein, fat, carbs = (f"{_number(low)}-{_number(high)}%" for low, high in (self.protein, self.fat, self.carbs))
        return NutrientTargets(protein_percent=protein, fat_percent=fat, carbs_percent=carbs)


#: Milk and what replaces it.
MILK = Ranges((25.0, 45.0), (20.0, 45.0), (10.0, 40.0))


@dataclass(frozen=True, slots=True)
class Sum:
    """What portions add up to: kilocalories, and grams of nutrients, dry matter and treats' energy."""

    kcal: float
    protein: float
    fat: float
    carbs: float
    dry_matter: float
    treat_kcal: float
    complete_kcal: float

    @property
    def percent(self) -> tuple[float, float, float]:
        """Protein, fat and carbohydrate in percent of dry matter."""
        if self.dry_matter <= 0:
            return (0.0, 0.0, 0.0)
        return tuple(100 * grams / self.dry_matter for grams in (self.protein, self.fat, self.carbs))  # type: ignore[return-value]

    @property
    def treats_share(self) -> float:
        return self.treat_kcal / self.kcal if self.kcal > 0 else 0.0


def ranges_of(profile: AnimalProfile) -> Ranges:
    """The targets of the animal: those of its species and age, changed by its health issues."""
    if growth.is_unweaned(profile):
        return MILK
    protein, fat, carbs = TARGETS[profile.species, growth.is_growing(profile)]
    for rule in health.rules_of(profile):
        # Cats with pancreatitis or high blood fats are not fed low in fat: that is a rule for dogs.
        fat_max = rule.fat_max if profile.species == species.DOG else None
        protein = (rule.protein_min or protein[0], min(protein[1], rule.protein_max or protein[1]))
        fat = (min(fat[0], 5.5) if fat_max else fat[0], min(fat[1], fat_max or fat[1]))
        carbs = (carbs[0], max(carbs[1], 66.0) if fat_max or rule.protein_max or rule.protein_min else carbs[1])
    return Ranges(protein, fat, carbs)


def add_up(portions: Iterable[Portion]) -> Sum:
    """Sums portions (ingredient, grams)."""
    kcal = protein = fat = carbs = dry = treats = complete = 0.0
    for ingredient, grams in portions:
        part = grams / 100
        kcal += part * ingredient.kcal
        protein += part * ingredient.protein
        fat += part * ingredient.fat
        carbs += part * ingredient.carbohydrate
        dry += part * ingredient.dry_matter
        if ingredient.group is Group.TREAT:
            treats += part * ingredient.kcal
        if ingredient.group is Group.COMPLETE_FOOD:
            complete += part * ingredient.kcal
    return Sum(kcal, protein, fat, carbs, dry, treats, complete)


def is_within(total: Sum, ranges: Ranges, slack: float = 0.0) -> bool:
    """Whether the sums lie within the targets; ``slack`` in percentage points."""
    wanted = (ranges.protein, ranges.fat, ranges.carbs)
    return all(low - slack <= value <= high + slack for value, (low, high) in zip(total.percent, wanted, strict=True))


def is_complete(portions: list[Portion], profile: AnimalProfile) -> bool:
    """Whether the option may be called complete: nine tenths of the energy from foods declared complete for this stage, the least
    protein and fat per 1,000 kcal, and no health issue for which a vet must choose."""
    total = add_up(portions)
    if total.kcal <= 0 or health.needs_vet(profile) or "pregnancy-lactation" in profile.health_issues:
        return False
    growing = growth.is_growing(profile)
    protein, fat = LEAST_PER_1000_KCAL[profile.species, growing]
    foods = [ingredient for ingredient, _grams in portions if ingredient.group is Group.COMPLETE_FOOD]
    return (
        total.complete_kcal >= COMPLETE_SHARE * total.kcal
        and all(stage_of(profile) in food.stages and profile.species in food.species and not food.conditions for food in foods)
        and 1000 * total.protein / total.kcal >= protein
        and 1000 * total.fat / total.kcal >= fat
    )


def stage_of(profile: AnimalProfile) -> str:
    """The stage for which a complete food must be made: newborn, growth, adult or senior."""
    if growth.is_unweaned(profile):
        return "newborn"
    if growth.is_growing(profile) or "pregnancy-lactation" in profile.health_issues:
        return "growth"
    return "senior" if profile.life_stage == "senior" else "adult"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
