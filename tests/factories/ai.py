"""Animals that advice can be given for, and advice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from ai import services
from ai.models import Generation, Kind
from fammo.accounts.models import User
from pets.models import ActivityLevel, BodyType, Breed, FoodAllergy, FoodType, Pet, PetType
from pets.services import create_pet


def dog(owner: User, **values: Any) -> Pet:
    """A healthy grown golden retriever that is allergic to chicken; needs the reference lists."""
    known = {
        "name": "Max",
        "pet_type": PetType.objects.get(slug="dog"),
        "breed": Breed.objects.get(slug="golden-retriever"),
        "birth_date": date(2021, 5, 14),
        "neutered": True,
        "weight": Decimal("30"),
        "body_type": BodyType.objects.get(slug="ideal"),
        "activity_level": ActivityLevel.objects.get(slug="moderate"),
        "food_types": list(FoodType.objects.filter(slug__in=["dry-food", "home-cooked"])),
        "food_allergies": list(FoodAllergy.objects.filter(slug="chicken")),
    }
    return create_pet(actor=owner, values=known | values)


def cat(owner: User, **values: Any) -> Pet:
    """A healthy grown cat."""
    known = {
        "name": "Misu",
        "pet_type": PetType.objects.get(slug="cat"),
        "birth_date": date(2021, 5, 14),
        "neutered": True,
        "weight": Decimal("4.2"),
        "body_type": BodyType.objects.get(slug="ideal"),
    }
    return create_pet(actor=owner, values=known | values)


def generation(pet: Pet, kind: str = Kind.MEAL) -> Generation:
    """One that was made by the engine."""
    return services.generate_advice(actor=pet.user, pet_id=pet.pk, kind=kind, language="en")
