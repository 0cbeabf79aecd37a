"""Reads: pets as apps show them, and the reference lists in one language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import CharField, Count, Q, QuerySet, Value

from fammo.common.errors import NotFound
from fammo.common.languages import CODES, DEFAULT_CODE

from . import ages
from .models import REFERENCE_MODELS, AgeCategory, BodyType, Breed, FoodAllergy, Pet, PetType, ReferenceRow, WeightRecord
from .querysets import MANY_OF_EACH, PetQuerySet

if TYPE_CHECKING:
    from fammo.accounts.models import User

ALPHABETS = {"fi": "abcdefghijklmnopqrstuvwxyzåäö", "tr": "abcçdefgğhıijklmnoöprsştuüvyz"}
#: What a list shows beside the names; foreign keys and words are added to it.
FACTS: dict[type[ReferenceRow], tuple[str, ...]] = {
    PetType: ("weight_min_kg", "weight_max_kg"),
    Breed: ("size_class", "adult_weight_min_kg", "adult_weight_max_kg"),
    AgeCategory: ("min_weeks", "max_weeks"),
    BodyType: ("condition_score_min", "condition_score_max"),
}


def pets_of(user: User) -> PetQuerySet:
    """The user's pets with everything that an answer shows, oldest first."""
    return Pet.objects.visible_to(user).with_details()


def pet_of(user: User, pet_id: int) -> Pet:
    """One of the user's pets with everything that an answer shows; raises ``NotFound`` for anybody else's."""
    pet = pets_of(user).filter(pk=pet_id).first()
    if pet is None:
        raise NotFound
    return pet


def own_pets(user: User) -> PetQuerySet:
    """The user's pets by themselves, oldest first; what they refer to is in the ``ReferenceBook``."""
    return Pet.objects.visible_to(user)


def own_pet(user: User, pet_id: int) -> Pet:
    """One of the user's pets by itself; raises ``NotFound`` for anybody else's."""
    pet = own_pets(user).filter(pk=pet_id).first()
    if pet is None:
        raise NotFound
    return pet


def choices_of(pets: Sequence[Pet]) -> dict[str, dict[int, list[int]]]:
    """What was chosen for these pets from each list of which many can be chosen: ids by field and pet, in one query."""
    chosen: dict[str, dict[int, list[int]]] = {name: {} for name in MANY_OF_EACH}
    first, *others = (_choices(name, [pet.pk for pet in pets]) for name in MANY_OF_EACH)
    for name, pet_id, row_id in first.union(*others, all=True):
        chosen[name].setdefault(pet_id, []).append(row_id)
    return chosen


def _choices(name: str, pet_ids: list[int]) -> QuerySet[Any, Any]:
    field: Any = Pet._meta.get_field(name)
    rows: QuerySet[Any, Any] = models.QuerySet(field.remote_field.through).filter(pet_id__in=pet_ids)
    return rows.annotate(field_name=Value(name, output_field=CharField())).values_list("field_name", "pet_id", field.m2m_reverse_name())


def weights_of(user: User, pet_id: int) -> QuerySet[WeightRecord]:
    """What the user's pet weighed, oldest first; raises ``NotFound`` for anybody else's."""
    if not Pet.objects.visible_to(user).filter(pk=pet_id).exists():
        raise NotFound
    return WeightRecord.objects.filter(pet_id=pet_id)


class LifeStages:
    """The age categories of all species, read once, to say which of them a pet is in today."""

    def __init__(self) -> None:
        self.every: list[AgeCategory] = list(AgeCategory.objects.select_related("pet_type"))
        self._by_id = {stage.pk: stage for stage in self.every}
        self._offered: dict[int, list[AgeCategory]] = {}
        for stage in self.every:
            if not stage.is_retired:
                self._offered.setdefault(stage.pet_type_id, []).append(stage)

    def at(self, pet: Pet, day: date) -> AgeCategory | None:
        born = pet.born_on
        if born is None:
            return None
        weeks = ages.weeks_between(born, day)
        return next((stage for stage in self._offered.get(pet.pet_type_id, ()) if stage.covers(weeks)), None)

    def of(self, pet: Pet, today: date) -> AgeCategory | None:
        """The category that the owner chose, until the pet grows out of the one that it was in on that day."""
        now = self.at(pet, today)
        chosen = self._by_id.get(pet.age_category_id) if pet.age_category_id else None
        if now is None or (chosen and pet.age_category_on and self.at(pet, pet.age_category_on) == now):
            return chosen
        return now


def reference_rows(model: type[ReferenceRow], language: str, *, pet_type: int | None = None) -> list[dict[str, Any]]:
    """The rows of a list that can be chosen, named and sorted in a language."""
    rows: QuerySet[Any] = models.QuerySet(model).filter(is_retired=False)
    if pet_type is not None:
        rows = rows.filter(pet_type_id=pet_type)
    found = [_presented(model, row, language) for row in rows.values(*_columns(model))]
    return sorted(found, key=lambda row: (row.get("pet_type", {}).get("id", 0), row["order"], collation_key(row["name"], language)))


def reference_row(model: type[ReferenceRow], pk: int, language: str) -> dict[str, Any]:
    """One row, retired or not (a pet may still have it); raises ``NotFound``."""
    row = models.QuerySet(model).filter(pk=pk).values(*_columns(model)).first()
    if row is None:
        raise NotFound
    return _presented(model, row, language)


def allergy_synonyms() -> dict[int, frozenset[str]]:
    """For each allergen (retired ones too: pets may have them) all words on labels that mean it, by its id.

    Whole words and phrases of all four languages, casefolded; how to match them says ``reference_data/README.md``.
    """
    allergies: QuerySet[Any] = models.QuerySet(FoodAllergy)
    return {allergy.pk: allergy.words() for allergy in allergies}


def usage_count(row: ReferenceRow) -> int:
    """How many rows of other tables (pets, deleted ones that can still be restored, breeds …) point to this one."""
    return sum(
        relation.related_model._base_manager.filter(**{relation.field.name: row.pk}).count() for relation in row._meta.related_objects
    )


@dataclass(frozen=True)
class ListHealth:
    """What is left to do in a reference list; retired rows do not count."""

    model: type[ReferenceRow]
    rows: int
    untranslated: dict[str, int]
    unreviewed: int


def reference_health() -> list[ListHealth]:
    """For each reference list how many rows lack words in each language, and how many nobody has reviewed."""
    return [_health_of(model) for model in REFERENCE_MODELS]


def _health_of(model: type[ReferenceRow]) -> ListHealth:
    gaps = {code: Count("pk", filter=model.untranslated_in(code)) for code in CODES}
    offered: QuerySet[Any] = models.QuerySet(model).filter(is_retired=False)
    counted = offered.aggregate(rows=Count("pk"), unreviewed=Count("pk", filter=Q(reviewed=False)), **gaps)
    return ListHealth(model, counted["rows"], {code: counted[code] for code in CODES}, counted["unreviewed"])


def collation_key(text: str, language: str) -> tuple[int, ...]:
    """Sorts as people of that language expect: ç after c in Turkish, ä after z in Finnish, accents aside elsewhere."""
    if language == "tr":
        text = text.replace("I", "ı").replace("İ", "i")
    alphabet = ALPHABETS.get(language, ALPHABETS["fi"][:26])
    return tuple(_ranks(text.lower(), alphabet))


def _ranks(text: str, alphabet: str) -> Iterable[int]:
    for letter in text:
        position = alphabet.find(letter)
        base = letter if position >= 0 else unicodedata.normalize("NFKD", letter)[0]
        position = alphabet.find(base)
        yield 1000 + position if position >= 0 else min(ord(base), 999)


def _has(model: type[ReferenceRow], name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


def _columns(model: type[ReferenceRow]) -> list[str]:
    columns = ["id", "slug", "order", *FACTS.get(model, ()), *(f"name_{code}" for code in CODES)]
    if _has(model, "description"):
        columns += [f"description_{code}" for code in CODES]
    if _has(model, "pet_type"):
        columns += ["pet_type_id", *(f"pet_type__name_{code}" for code in CODES)]
    return columns


def _presented(model: type[ReferenceRow], row: dict[str, Any], language: str) -> dict[str, Any]:
    shown = {"id": row["id"], "name": _word(row, "name", language)}
    shown |= {f"name_{code}": _word(row, "name", code) for code in CODES}
    if "description_en" in row:
        shown["description"] = _word(row, "description", language)
    if "pet_type_id" in row:
        shown["pet_type"] = {"id": row["pet_type_id"], "name": _word(row, "pet_type__name", language)}
    return shown | {name: row[name] for name in ("slug", "order", *FACTS.get(model, ()))}


def _word(row: dict[str, Any], field: str, language: str) -> str:
    return row[f"{field}_{language}"] or row[f"{field}_{DEFAULT_CODE}"] or ""
