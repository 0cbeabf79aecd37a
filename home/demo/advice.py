"""One stored meal plan, so that the app shows one before anybody asks; by the engine, and on nobody's account."""

from __future__ import annotations

from functools import partial

from ai.models import Kind, MealRecommendation
from ai.services import store_free_advice
from pets.models import Pet

from . import people
from .objects import DemoObject


def demo_objects() -> list[DemoObject]:
    return [DemoObject("advice:max", partial(_make, people.ANNA, "Max"))]


def _make(owner_email: str, pet_name: str) -> None:
    owner = people.find(owner_email)
    pet = Pet.objects.visible_to(owner).filter(name=pet_name).first()
    if pet is not None and not MealRecommendation.objects.filter(pet=pet).exists():
        store_free_advice(actor=owner, pet_id=pet.pk, kind=Kind.MEAL, language=owner.profile.preferred_language)
