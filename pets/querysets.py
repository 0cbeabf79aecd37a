"""The vocabulary for many pets at once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from fammo.accounts.models import User
    from pets.models import Pet  # noqa: F401  (named in a string)


ONE_OF_EACH = (
    "pet_type",
    "breed__pet_type",
    "gender",
    "age_category__pet_type",
    "body_type",
    "activity_level",
    "food_feeling",
    "food_importance",
    "treat_frequency",
)
MANY_OF_EACH = ("food_types", "food_allergies", "health_issues")


class PetQuerySet(models.QuerySet["Pet"]):
    """Pets; ``visible_to`` comes first in everything that a person asks for."""

    def visible_to(self, user: User) -> PetQuerySet:
        """The living rows of their owner; nobody sees another person's pets."""
        return self.kept().filter(user_id=user.pk)

    def kept(self) -> PetQuerySet:
        return self.filter(deleted_at__isnull=True)

    def deleted(self) -> PetQuerySet:
        return self.filter(deleted_at__isnull=False)

    def deleted_before(self, moment: datetime) -> PetQuerySet:
        return self.filter(deleted_at__lt=moment)

    def with_an_age(self) -> PetQuerySet:
        """Those whose age is known, as a birth date or as it was stated on some day."""
        return self.filter(models.Q(birth_date__isnull=False) | models.Q(age_as_of__isnull=False))

    def with_details(self) -> PetQuerySet:
        """Everything that an answer shows, in a number of queries that does not depend on the number of pets."""
        return self.select_related(*ONE_OF_EACH).prefetch_related(*MANY_OF_EACH)
