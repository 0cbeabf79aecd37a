"""Meal options in grams: complete foods, mixtures of two, and home-cooked meals that meet the targets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, product
from random import Random

from ai.profiles import AnimalProfile

from . import allergies, condition, growth, health, species, treats
from .ingredients import Group, Ingredient, Pantry
from .nutrients import Portion, Ranges, add_up, is_within, ranges_of, stage_of

MOST_OPTIONS, LEAST_OPTIONS = 3, 2
MOST_TRIES = 400
WATERY_KCAL = 100.0


class Kind(StrEnum):
    """How an option feeds the day."""

    VETERINARY = "veterinary"
    DRY = "dry"
    WET = "wet"
    DRY_AND_WET = "dry_and_wet"
    OTHER = "other"
    HOME_COOKED = "home_cooked"
    MILK = "milk"


#: Which kinds an owner means who feeds these; raw feeders get the same ingredients cooked.
KINDS_OF_FOOD_TYPE = {
    "dry-food": (Kind.DRY,),
    "wet-food": (Kind.WET,),
    "raw-food": (Kind.HOME_COOKED, Kind.WET),
    "home-cooked": (Kind.HOME_COOKED,),
    "table-food": (Kind.HOME_COOKED,),
    "semi-moist": (Kind.OTHER,),
    "freeze-dried": (Kind.OTHER,),
    "air-dried": (Kind.OTHER,),
    "veterinary-diet": (Kind.DRY, Kind.WET),
}
EVERYTHING = (Kind.DRY, Kind.WET, Kind.HOME_COOKED, Kind.DRY_AND_WET, Kind.OTHER)
#: Shares of the energy: animal protein, starch, vegetable, fat. The first mix that meets the targets is taken.
MIXES = {
    species.DOG: (
        (0.42, 0.45, 0.05, 0.08),
        (0.38, 0.52, 0.05, 0.05),
        (0.50, 0.42, 0.05, 0.03),
        (0.36, 0.46, 0.05, 0.13),
        (0.45, 0.50, 0.05, 0.0),
    ),
    species.CAT: (
        (0.78, 0.10, 0.03, 0.09),
        (0.72, 0.15, 0.03, 0.10),
        (0.66, 0.20, 0.03, 0.11),
        (0.85, 0.10, 0.03, 0.02),
        (0.60, 0.25, 0.03, 0.12),
    ),
}
#: Not the main food of every day: livers (vitamin A), tuna (mercury), shellfish and tinned fish (salt).
NEVER_MAIN = frozenset({"tuna", "sardine", "shrimp", "mussels"})


@dataclass(frozen=True)
class Option:
    """One way to feed the day: portions of the day in grams, treats among them."""

    kind: Kind
    portions: tuple[Portion, ...]

    @property
    def foods(self) -> tuple[Portion, ...]:
        return tuple(portion for portion in self.portions if portion[0].group is not Group.TREAT)


def options_for(profile: AnimalProfile, pantry: Pantry, kcal: float) -> list[Option]:
    """Two or three options of different foods that meet the targets; fewer, or none, when allergies leave no more."""
    return _Kitchen(profile, pantry, kcal).options()


def round_grams(grams: float) -> float:
    """To steps that a kitchen scale shows, never more than 2.5 % off from one gram on."""
    step = 0.1 if grams < 5 else 0.5 if grams < 20 else 1.0 if grams < 200 else 5.0
    return round(round(grams / step) * step, 1)


def seeded(profile: AnimalProfile) -> Random:
    """The same animal is offered the same foods, in every language and whatever it weighs this week."""
    traits = (
        profile.species,
        profile.breed,
        sorted(profile.allergies),
        profile.other_allergies,
        sorted(profile.health_issues),
        sorted(profile.food_types),
    )
    return Random(int.from_bytes(hashlib.sha256(repr(traits).encode()).digest()[:8]))  # noqa: S311 - variety, not secrecy


class _Kitchen:
    """The ingredients that this animal may have, in its own order, and what can be made of them."""

    def __init__(self, profile: AnimalProfile, pantry: Pantry, kcal: float) -> None:
        self.profile, self.kcal = profile, kcal
        self.ranges: Ranges = ranges_of(profile)
        out = allergies.forbidden(profile, pantry)
        allowed = [
            each
            for each in pantry.ingredients
            if profile.species in each.species and each.key not in out and each.kcal > 0 and not health.is_left_out(each, profile)
        ]
        seeded(profile).shuffle(allowed)
        self.allowed = allowed
        self.used: set[str] = set()

    def options(self) -> list[Option]:
        found: list[Option] = []
        for kind, enough in self._kinds():
            if len(found) < enough and (option := self._make(kind)):
                found.append(option)
                self.used.update(ingredient.key for ingredient, _grams in option.foods)
        return found

    def _kinds(self) -> Iterator[tuple[Kind, int]]:
        """Kinds in the order of preference, each with the number of options from which on it is not needed.

        The wanted kinds come first; a second round finds other foods of the same kinds.
        """
        if growth.is_unweaned(self.profile):
            yield Kind.MILK, MOST_OPTIONS
            return
        wanted = [kind for food_type in self.profile.food_types for kind in KINDS_OF_FOOD_TYPE.get(food_type, ())]
        if Kind.DRY in wanted and Kind.WET in wanted:
            wanted.append(Kind.DRY_AND_WET)
        first = dict.fromkeys([*self._kinds_for_issues(), *wanted, *EVERYTHING])
        for kind in (*first, *EVERYTHING, Kind.VETERINARY, Kind.VETERINARY):
            if kind is not Kind.HOME_COOKED or self._may_cook():
                yield kind, MOST_OPTIONS
        if stage_of(self.profile) != "growth":
            # Better a lean meal from the kitchen until the vet has chosen than nothing at all.
            yield Kind.HOME_COOKED, LEAST_OPTIONS
            yield Kind.HOME_COOKED, LEAST_OPTIONS

    def _kinds_for_issues(self) -> tuple[Kind, ...]:
        return (Kind.VETERINARY,) if self.profile.health_issues else ()

    def _may_cook(self) -> bool:
        """Home cooking for the young, the breeding and the ill needs a vet who reckons its minerals."""
        return stage_of(self.profile) != "growth" and not health.needs_vet(self.profile)

    def _make(self, kind: Kind) -> Option | None:
        candidates: Iterator[list[tuple[Ingredient, float]]]
        if kind is Kind.HOME_COOKED:
            candidates = self._recipes()
        elif kind is Kind.DRY_AND_WET:
            dry, wet = list(self._complete(Kind.DRY)), list(self._complete(Kind.WET))
            candidates = ([(a, 0.5), (b, 0.5)] for a, b in product(dry, wet))
        else:
            candidates = ([(food, 1.0)] for food in self._complete(kind))
        for shares in islice(candidates, MOST_TRIES):
            portions = self._portions(shares)
            if portions and self._fits(portions):
                return Option(kind, tuple(portions))
        return None

    def _fits(self, portions: list[Portion]) -> bool:
        total = add_up(portions)
        return is_within(total, self.ranges) and abs(total.kcal - self.kcal) <= 0.04 * self.kcal

    def _complete(self, kind: Kind) -> Iterator[Ingredient]:
        types = {Kind.DRY: {"dry-food"}, Kind.WET: {"wet-food"}, Kind.VETERINARY: {"veterinary-diet"}, Kind.MILK: {"milk-replacer"}}
        wanted = types.get(kind, {"semi-moist", "air-dried", "freeze-dried"})
        # What is made for the illness itself comes before what is made for its allergy.
        for food in sorted(self.allowed, key=lambda each: not each.conditions & self.profile.health_issues):
            if food.group is not Group.COMPLETE_FOOD or food.food_type not in wanted or food.key in self.used:
                continue
            suits = not food.conditions or bool(food.conditions & self._issues())
            if suits and stage_of(self.profile) in food.stages:
                yield food

    def _issues(self) -> frozenset[str]:
        """The issues of the animal; who has an allergy may have the diets made for it."""
        has_allergy = bool(self.profile.allergies or self.profile.other_allergies.strip())
        return self.profile.health_issues | ({"food-allergy"} if has_allergy else set())

    def _recipes(self) -> Iterator[list[tuple[Ingredient, float]]]:
        of = {group: [each for each in self.allowed if each.group is group] for group in Group}
        meats = [each for each in (*of[Group.MEAT], *of[Group.FISH]) if each.key not in NEVER_MAIN and each.key not in self.used]
        fats = of[Group.FAT]
        for meat, starch, vegetable, mix in product(meats, of[Group.STARCH], of[Group.VEGETABLE][:2], MIXES[self.profile.species]):
            for_meat, for_starch, for_vegetable, for_fat = mix
            shares = [(meat, for_meat), (starch, for_starch), (vegetable, for_vegetable)]
            if for_fat and fats:
                shares.append((fats[0], for_fat))
            else:
                shares[1] = (starch, for_starch + for_fat)
            yield shares

    def _portions(self, shares: Sequence[tuple[Ingredient, float]]) -> list[Portion]:
        """Grams that add up to the day's energy, treats first; empty when a portion would be too small to weigh."""
        treat = self._treat(shares)
        left = self.kcal - sum(grams / 100 * ingredient.kcal for ingredient, grams in treat)
        foods = [(ingredient, round_grams(left * share / ingredient.kcal * 100)) for ingredient, share in shares]
        return [*foods, *treat] if all(grams > 0 for _ingredient, grams in foods) else []

    def _treat(self, shares: Sequence[tuple[Ingredient, float]]) -> list[Portion]:
        share = treats.treats_share(self.profile)
        if not share:
            return []
        eaten = {ingredient.key for ingredient, _share in shares}
        offered = [each for each in self.allowed if each.group is Group.TREAT and each.key not in eaten]
        # Watery treats fill the bowl before they reach their share: good for losing weight, else the second choice.
        offered.sort(key=lambda each: (each.kcal < WATERY_KCAL) is not condition.loses_weight(self.profile))
        for treat in offered:
            grams = treats.treat_grams(treat, self.kcal, share)
            return [(treat, grams)] if grams >= 1 else []
        return []
