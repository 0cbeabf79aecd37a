"""The ingredient table: what meal plans may be made of, filled from a reviewed file and corrected in the admin."""

# modeltranslation gives every model a manager that the plugin cannot see.
# mypy: disable-error-code="django-manager-missing"

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ai.lexicons import split
from ai.nutrition import species
from ai.nutrition.ingredients import Group
from fammo.common.privacy import NOT_PERSONAL, Declaration
from pets.models import ReferenceRow

_GRAMS = (MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100)))
MOST_KCAL = Decimal(910)
#: Rounding of the sources: nutrients and water may add up to a little more than 100 g.
MOST_GRAMS = Decimal("101.5")
FACTS = ("kcal", "protein", "fat", "carbohydrate", "moisture")
KEYS = ("aliases", "group", "species", "allergens", "food_type", "stages", "conditions")


class Ingredient(ReferenceRow):
    """Energy and nutrients of an ingredient per 100 g as fed, who may eat it, and which allergens it holds.

    Lists of keys (species, allergens, stages, conditions) stand between ``|``; the keys are the slugs of the pets' lists.
    """

    class Group(models.TextChoices):
        MEAT = Group.MEAT.value, _("Meat")
        OFFAL = Group.OFFAL.value, _("Offal")
        FISH = Group.FISH.value, _("Fish and seafood")
        EGG = Group.EGG.value, _("Egg")
        DAIRY = Group.DAIRY.value, _("Dairy")
        PLANT_PROTEIN = Group.PLANT_PROTEIN.value, _("Plant protein")
        STARCH = Group.STARCH.value, _("Starch")
        VEGETABLE = Group.VEGETABLE.value, _("Vegetable")
        FRUIT = Group.FRUIT.value, _("Fruit")
        FAT = Group.FAT.value, _("Fat")
        COMPLETE_FOOD = Group.COMPLETE_FOOD.value, _("Complete food")
        TREAT = Group.TREAT.value, _("Treat")

    aliases = models.TextField(_("other names"), blank=True, default="", help_text=_("Names by which it is known too, split by |."))
    group = models.CharField(_("group"), max_length=20, choices=Group)
    kcal = models.DecimalField(
        _("energy (kcal)"), max_digits=6, decimal_places=2, validators=(MinValueValidator(Decimal(1)), MaxValueValidator(MOST_KCAL))
    )
    protein = models.DecimalField(_("protein (g)"), max_digits=5, decimal_places=2, validators=_GRAMS)
    fat = models.DecimalField(_("fat (g)"), max_digits=5, decimal_places=2, validators=_GRAMS)
    carbohydrate = models.DecimalField(_("carbohydrate (g)"), max_digits=5, decimal_places=2, validators=_GRAMS)
    moisture = models.DecimalField(_("water (g)"), max_digits=5, decimal_places=2, validators=_GRAMS)
    species = models.CharField(_("species"), max_length=60, help_text=_("dog, cat or dog|cat"))
    allergens = models.CharField(
        _("allergens"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("Keys of the food allergies it holds, hidden ones too, split by |."),
    )
    food_type = models.CharField(_("food type"), max_length=60, blank=True, default="")
    stages = models.CharField(
        _("stages of life"),
        max_length=60,
        blank=True,
        default="",
        help_text=_("Complete foods: newborn, growth, adult, senior, split by |."),
    )
    conditions = models.CharField(
        _("health issues"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("Veterinary diets: keys of the health issues, split by |."),
    )

    personal: ClassVar[Declaration] = dict.fromkeys((*FACTS, *KEYS), NOT_PERSONAL)

    class Meta(ReferenceRow.Meta):
        verbose_name = _("ingredient")
        verbose_name_plural = _("ingredients")
        constraints = (
            *ReferenceRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kcal__gt=0, protein__gte=0, fat__gte=0, carbohydrate__gte=0, moisture__gte=0, moisture__lt=100.01),
                name="ingredient_amounts_are_possible",
            ),
        )

    def clean(self) -> None:
        """Raises ``ValidationError`` for more than 100 g in 100 g, and for species that no plan is made for."""
        super().clean()
        grams = [self.protein, self.fat, self.carbohydrate, self.moisture]
        if all(each is not None for each in grams) and sum(grams) > MOST_GRAMS:
            raise ValidationError({"moisture": _("Protein, fat, carbohydrate and water add up to more than 100 g.")})
        if not set(split(self.species)) or not set(split(self.species)) <= set(species.COMPUTED):
            raise ValidationError({"species": _("Write dog, cat or dog|cat.")})
