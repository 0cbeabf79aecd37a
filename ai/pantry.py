"""The pantry as editors keep it: the ingredient table, and the words by which the pets' allergens are known on labels."""

from __future__ import annotations

from typing import Any

from django.db import models

from ai.lexicons import DIRECTORY
from ai.models import Ingredient
from ai.nutrition import Pantry, standard_pantry
from ai.nutrition.ingredients import ingredient_of
from fammo.common.languages import CODES
from pets.models import FoodAllergy
from pets.reference_files import read_list
from pets.selectors import allergy_synonyms
from pets.services import ListReport, load_list

COLUMNS = (
    *("slug", "aliases", "group", "kcal", "protein", "fat", "carbohydrate", "moisture", "species", "allergens", "food_type"),
    *("stages", "conditions", "source"),
    *(f"name_{code}" for code in CODES),
)


def current_pantry() -> Pantry:
    """What a plan may be made of today. Before the table is loaded it is the file's."""
    rows: models.QuerySet[Any] = models.QuerySet(Ingredient).filter(is_retired=False).order_by("order", "id")
    ingredients = tuple(
        ingredient_of({name: "" if value is None else str(value) for name, value in row.items()}) for row in rows.values(*COLUMNS)
    )
    allergies: models.QuerySet[Any] = models.QuerySet(FoodAllergy)
    names = {row["slug"]: row for row in allergies.values("id", "slug", *(f"name_{code}" for code in CODES))}
    slugs = {row["id"]: slug for slug, row in names.items()}
    return Pantry(
        ingredients or standard_pantry().ingredients,
        allergen_words={slugs[pk]: tuple(sorted(synonyms)) for pk, synonyms in allergy_synonyms().items()},
        allergen_names={slug: {code: row[f"name_{code}"] or "" for code in CODES} for slug, row in names.items()},
    )


def load_ingredients() -> ListReport | None:
    """Bring the ingredient table up to its file; what editors changed stays (docs/decisions/0006). None when nothing was to do."""
    return load_list(source=read_list(Ingredient, DIRECTORY / "ingredients.csv"))
