"""What meals are made of: pure facts per 100 g as fed, and the pantry from which the engine composes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path

from ai.lexicons import DIRECTORY, read_rows, split
from ai.words import fold
from fammo.common.languages import CODES


class Group(StrEnum):
    """What an ingredient does in a meal; the stored value is permanent."""

    MEAT = "meat"
    OFFAL = "offal"
    FISH = "fish"
    EGG = "egg"
    DAIRY = "dairy"
    PLANT_PROTEIN = "plant_protein"
    STARCH = "starch"
    VEGETABLE = "vegetable"
    FRUIT = "fruit"
    FAT = "fat"
    COMPLETE_FOOD = "complete_food"
    TREAT = "treat"


ANIMAL_GROUPS = frozenset({Group.MEAT, Group.OFFAL, Group.FISH, Group.EGG, Group.COMPLETE_FOOD})


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One row of the ingredient table: energy and nutrients per 100 g as fed.

    ``species`` are those that may eat it. ``allergens`` are keys of the pets' food allergies that it holds, also hidden ones (chicken fat
    holds chicken). ``stages`` and ``conditions`` are for complete foods: whom it is made for, and for which health issues.
    """

    key: str
    names: Mapping[str, str]
    aliases: tuple[str, ...]
    group: Group
    kcal: float
    protein: float
    fat: float
    carbohydrate: float
    moisture: float
    species: frozenset[str]
    allergens: frozenset[str]
    source: str
    food_type: str = ""
    stages: frozenset[str] = field(default_factory=frozenset)
    conditions: frozenset[str] = field(default_factory=frozenset)

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names["en"]

    @property
    def all_names(self) -> tuple[str, ...]:
        """Every name in every language, and the aliases."""
        return (*(name for name in self.names.values() if name), *self.aliases)

    @property
    def dry_matter(self) -> float:
        """Grams in 100 g as fed that are not water."""
        return 100 - self.moisture

    @property
    def is_animal(self) -> bool:
        return self.group in ANIMAL_GROUPS


@dataclass(frozen=True)
class Pantry:
    """The ingredients that a plan may use, and synonyms of allergens that editors keep beside the files' own."""

    ingredients: tuple[Ingredient, ...]
    allergen_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    allergen_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> Mapping[str, Ingredient]:
        """Ingredients by each folded name and alias; where two share one, the first of the table has it."""
        found: dict[str, Ingredient] = {}
        for ingredient in self.ingredients:
            for name in ingredient.all_names:
                found.setdefault(plain(name), ingredient)
        return found


@lru_cache(maxsize=4_000)
def plain(name: str) -> str:
    """A name as it is looked up: folded, single spaces, nothing but letters and digits."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in fold(name)).split())


def ingredient_of(row: Mapping[str, str]) -> Ingredient:
    """A row of the data file, or of the table with the same columns, as an ingredient."""
    return Ingredient(
        key=row["slug"],
        names={code: row[f"name_{code}"] for code in CODES},
        aliases=split(row["aliases"]),
        group=Group(row["group"]),
        kcal=float(row["kcal"]),
        protein=float(row["protein"]),
        fat=float(row["fat"]),
        carbohydrate=float(row["carbohydrate"]),
        moisture=float(row["moisture"]),
        species=frozenset(split(row["species"])),
        allergens=frozenset(split(row["allergens"])),
        source=row["source"],
        food_type=row["food_type"],
        stages=frozenset(split(row["stages"])),
        conditions=frozenset(split(row["conditions"])),
    )


def read_pantry(path: Path = DIRECTORY / "ingredients.csv") -> Pantry:
    """The pantry of a data file."""
    return Pantry(tuple(ingredient_of(row) for row in read_rows(path)))
