"""Pets as apps read them (``serializers.PetAnswer``): plain data, written from the rows and the reference book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.fields import DateTimeField

from pets import ages, photo_files, photos, selectors, weights
from pets.book import ReferenceBook, current_book
from pets.models import (
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
    Pet,
    PetType,
    TreatFrequency,
)

Answer = dict[str, Any]
_moment = DateTimeField()


def present(pets: Sequence[Pet]) -> list[Answer]:
    """The answers for these pets in the active language, in a number of queries that does not depend on their number."""
    book, chosen, today = current_book(), selectors.choices_of(pets), timezone.localdate()
    return [_presented(pet, book, {name: of_pets.get(pet.pk, []) for name, of_pets in chosen.items()}, today) for pet in pets]


def _presented(pet: Pet, book: ReferenceBook, chosen: dict[str, list[int]], today: date) -> Answer:
    photo = photo_files.urls_of(pet.image.name or "")
    age = pet.age_on(today)
    stage = book.stages.of(pet, today)
    food_types = book.in_order(FoodType, chosen["food_types"])
    food_allergies = book.in_order(FoodAllergy, chosen["food_allergies"])
    health_issues = book.in_order(HealthIssue, chosen["health_issues"])
    return {
        "id": pet.pk,
        "name": pet.name,
        "image": photo.get("large"),
        "image_renditions": {name: {"url": url, "max_side": photos.RENDITIONS[name]} for name, url in photo.items()} or None,
        "neutered": pet.neutered,
        "birth_date": pet.birth_date.isoformat() if pet.birth_date else None,
        "age_years": age.years,
        "age_months": age.months,
        "age_weeks": age.weeks,
        "age_display": ages.display(pet.born_on, today),
        "age_category": stage.pk if stage else None,
        "age_category_detail": book.detail(AgeCategory, stage.pk) if stage else None,
        "weight": None if pet.weight is None else weights.text(pet.weight),
        "pet_type": pet.pet_type_id,
        "pet_type_detail": book.detail(PetType, pet.pet_type_id),
        "breed": pet.breed_id,
        "breed_detail": book.detail(Breed, pet.breed_id),
        "gender": pet.gender_id,
        "gender_detail": book.detail(Gender, pet.gender_id),
        "body_type": pet.body_type_id,
        "body_type_detail": book.detail(BodyType, pet.body_type_id),
        "activity_level": pet.activity_level_id,
        "activity_level_detail": book.detail(ActivityLevel, pet.activity_level_id),
        "food_types": food_types,
        "food_types_detail": [book.detail(FoodType, pk) for pk in food_types],
        "food_feeling": pet.food_feeling_id,
        "food_feeling_detail": book.detail(FoodFeeling, pet.food_feeling_id),
        "food_importance": pet.food_importance_id,
        "food_importance_detail": book.detail(FoodImportance, pet.food_importance_id),
        "food_allergies": food_allergies,
        "food_allergies_detail": [book.detail(FoodAllergy, pk) for pk in food_allergies],
        "food_allergy_other": pet.food_allergy_other,
        "health_issues": health_issues,
        "health_issues_detail": [book.detail(HealthIssue, pk) for pk in health_issues],
        "treat_frequency": pet.treat_frequency_id,
        "treat_frequency_detail": book.detail(TreatFrequency, pet.treat_frequency_id),
        "user": pet.user_id,
        "warnings": _warnings(pet, book, today),
        "created_at": _moment.to_representation(pet.created_at),
        "updated_at": _moment.to_representation(pet.updated_at),
    }


def _warnings(pet: Pet, book: ReferenceBook, today: date) -> list[dict[str, str]]:
    """What is possible but worth a second look; the young may weigh less than grown animals of their breed."""
    low, high = book.adult_weights[pet.breed_id] if pet.breed_id else (None, None)
    if pet.weight is None or low is None or high is None:
        return []
    born = pet.born_on
    is_grown = born is not None and ages.months_between(born, today) >= 12
    if pet.weight <= high and (pet.weight >= low or not is_grown):
        return []
    message = _("Grown animals of this breed usually weigh %(low)s to %(high)s kg.") % {
        "low": f"{low.normalize():f}",
        "high": f"{high.normalize():f}",
    }
    return [{"code": "weight_unusual_for_breed", "field": "weight", "message": message}]
