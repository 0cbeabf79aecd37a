"""The pets of the two demo people who use the app."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from pets import models
from pets.services import create_pet

from . import people
from .objects import DemoObject

# Reference rows are named by their slugs.
ONE_OF: dict[str, Any] = {
    "pet_type": models.PetType,
    "breed": models.Breed,
    "gender": models.Gender,
    "age_category": models.AgeCategory,
    "body_type": models.BodyType,
    "activity_level": models.ActivityLevel,
    "food_feeling": models.FoodFeeling,
    "food_importance": models.FoodImportance,
    "treat_frequency": models.TreatFrequency,
}
MANY_OF: dict[str, Any] = {"food_types": models.FoodType, "food_allergies": models.FoodAllergy, "health_issues": models.HealthIssue}

PETS: dict[str, tuple[str, dict[str, Any]]] = {
    "max": (
        people.ANNA,
        {
            "name": "Max",
            "pet_type": "dog",
            "breed": "golden-retriever",
            "gender": "male",
            "birth_date": date(2021, 5, 14),
            "age_category": "dog-adult",
            "neutered": True,
            "weight": Decimal("25.5"),
            "body_type": "ideal",
            "activity_level": "high",
            "food_types": ["dry-food", "wet-food"],
            "food_feeling": "loves-food",
            "food_importance": "very-important",
            "food_allergies": ["chicken", "wheat"],
            "treat_frequency": "few-times-a-week",
        },
    ),
    "misu": (
        people.ANNA,
        {
            "name": "Misu",
            "pet_type": "cat",
            "breed": "domestic-shorthair",
            "gender": "female",
            "age_years": 3,
            "age_months": 6,
            "age_category": "cat-adult",
            "neutered": True,
            "weight": Decimal("4.2"),
            "body_type": "ideal",
            "activity_level": "moderate",
            "food_types": ["wet-food"],
            "food_feeling": "picky",
            "food_importance": "important",
            "health_issues": ["sensitive-stomach"],
            "treat_frequency": "rarely",
        },
    ),
    "rontti": (
        people.MIKKO,
        {
            "name": "Rontti",
            "pet_type": "dog",
            "breed": "finnish-lapphund",
            "gender": "male",
            "birth_date": date(2017, 2, 3),
            "age_category": "dog-senior",
            "weight": Decimal("21.3"),
            "body_type": "overweight",
            "activity_level": "moderate",
            "food_types": ["dry-food", "home-cooked"],
            "food_feeling": "enjoys-meals",
            "food_importance": "important",
            "health_issues": ["arthritis"],
            "treat_frequency": "once-a-day",
        },
    ),
}


def demo_objects() -> list[DemoObject]:
    return [DemoObject(f"pet:{key}", partial(_make, owner, values)) for key, (owner, values) in PETS.items()]


def _make(owner_email: str, values: dict[str, Any]) -> None:
    owner = people.find(owner_email)
    if models.Pet.objects.filter(user=owner, name=values["name"]).exists():
        return
    rows = {name: model.objects.get(**_named(name, values)) for name, model in ONE_OF.items() if name in values}
    lists = {name: list(model.objects.filter(slug__in=values[name])) for name, model in MANY_OF.items() if name in values}
    create_pet(actor=owner, values=values | rows | lists)


def _named(name: str, values: dict[str, Any]) -> dict[str, str]:
    """Two species may have a breed of the same slug."""
    of_species = {"pet_type__slug": values["pet_type"]} if name == "breed" else {}
    return {"slug": values[name], **of_species}
