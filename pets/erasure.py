"""What erasing a person does to their pets, the deleted ones included."""

from __future__ import annotations

from django.db import models

from fammo.common.privacy import Person
from fammo.privacy.erasing import register_eraser

from . import services
from .models import Pet


@register_eraser(Pet)
def erase_pets(pets: models.QuerySet[Pet], person: Person) -> list[str]:
    """Removes pets with their weights; photos and what was made of them are removed by a task of their own."""
    services.erase_pets(pets)
    return []
