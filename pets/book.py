"""The reference lists in one language as answers show them, kept in each process until a row changes.

A list of pets would otherwise join a dozen tables for words that are the same for everybody. Who tells of a change is the
database (docs/decisions/0005-stored-answers.md): a book that is not current, or cannot be known to be, is written anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import CharField, F, QuerySet, TextField, Value
from django.utils import translation

from fammo.api import watch
from fammo.common.languages import DEFAULT_CODE

from .models import (
    REFERENCE_MODELS,
    ActivityLevel,
    AgeCategory,
    BodyType,
    Breed,
    FoodAllergy,
    FoodFeeling,
    FoodImportance,
    FoodType,
    Gender,
    HealthIssue,
    PetType,
    ReferenceRow,
    TreatFrequency,
)
from .selectors import LifeStages

Detail = dict[str, Any]
TABLES = watch.watch(*REFERENCE_MODELS)
#: The lists of which answers show id and name; those with ``True`` explain each choice as well.
SIMPLE: dict[type[ReferenceRow], bool] = {
    Gender: False,
    BodyType: True,
    ActivityLevel: True,
    FoodType: False,
    FoodFeeling: False,
    FoodImportance: False,
    FoodAllergy: False,
    HealthIssue: False,
    TreatFrequency: False,
}


@dataclass(frozen=True)
class ReferenceBook:
    """For each list what answers show of a row, by its id and in the order of the list; the facts that are computed with."""

    details: dict[type[ReferenceRow], dict[int, Detail]]
    positions: dict[type[ReferenceRow], dict[int, int]]
    adult_weights: dict[int, tuple[Decimal | None, Decimal | None]]
    stages: LifeStages

    def detail(self, model: type[ReferenceRow], pk: int | None) -> Detail | None:
        return None if pk is None else self.details[model][pk]

    def in_order(self, model: type[ReferenceRow], pks: Iterable[int]) -> list[int]:
        return sorted(pks, key=self.positions[model].__getitem__)


_books: dict[str, tuple[watch.Versions, ReferenceBook]] = {}


def current_book() -> ReferenceBook:
    """The book in the active language, true at this moment."""
    language = translation.get_language() or DEFAULT_CODE
    versions = watch.versions_of(TABLES)
    kept = _books.get(language)
    if kept is not None and versions is not None and kept[0] == versions:
        return kept[1]
    book = _written(language)
    if versions is not None:  # read before the lists: a change in between only costs one more writing
        _books[language] = (versions, book)
    return book


def _written(language: str) -> ReferenceBook:
    species = {
        pk: {"id": pk, "name": name or english} for pk, name, english in _rows(PetType, language).values_list("pk", "word", "name_en")
    }
    stages = LifeStages()
    details: dict[type[ReferenceRow], dict[int, Detail]] = {
        PetType: species,
        AgeCategory: {
            stage.pk: {
                "id": stage.pk,
                "name": getattr(stage, f"name_{language}") or stage.name_en,  # type: ignore[attr-defined]
                "pet_type": species[stage.pet_type_id],
                "order": stage.order,
            }
            for stage in stages.every
        },
        Breed: {},
        **{model: {} for model in SIMPLE},
    }
    adult_weights = {}
    breeds = _rows(Breed, language).values_list("pk", "word", "name_en", "pet_type_id", "adult_weight_min_kg", "adult_weight_max_kg")
    for pk, name, english, species_id, low, high in breeds:
        details[Breed][pk] = {"id": pk, "name": name or english, "pet_type": species[species_id]}
        adult_weights[pk] = (low, high)
    _add_simple_lists(details, language)
    positions = {model: {pk: place for place, pk in enumerate(rows)} for model, rows in details.items()}
    return ReferenceBook(details, positions, adult_weights, stages)


def _add_simple_lists(details: dict[type[ReferenceRow], dict[int, Detail]], language: str) -> None:
    """All of them in one query: they are short and have the same columns."""
    by_name = {model.__name__: model for model in SIMPLE}
    first, *others = (_simple_rows(model, language) for model in SIMPLE)
    for name, _order, english, pk, word, description, english_description in first.union(*others, all=True).order_by(
        "list_name", "order", "name_en", "pk"
    ):
        detail = {"id": pk, "name": word or english}
        if SIMPLE[by_name[name]]:
            detail["description"] = description or english_description or ""
        details[by_name[name]][pk] = detail


def _simple_rows(model: type[ReferenceRow], language: str) -> QuerySet[Any, Any]:
    is_described = SIMPLE[model]
    nothing = Value("", output_field=TextField())
    return (
        _rows(model, language)
        .annotate(
            list_name=Value(model.__name__, output_field=CharField()),
            words=F(f"description_{language}") if is_described else nothing,
            english_words=F(f"description_{DEFAULT_CODE}") if is_described else nothing,
        )
        .order_by()
        .values_list("list_name", "order", "name_en", "pk", "word", "words", "english_words")
    )


def _rows(model: type[ReferenceRow], language: str) -> QuerySet[Any, Any]:
    """Retired rows too: pets may have them."""
    rows: QuerySet[Any, Any] = models.QuerySet(model)
    return rows.annotate(word=F(f"name_{language}"))
