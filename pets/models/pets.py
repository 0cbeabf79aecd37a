"""A pet, what it weighed over time, and the facts that no row may contradict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fammo.common.privacy import NOT_PERSONAL, Declaration, Personal
from pets import ages, weights
from pets.querysets import PetQuerySet

from . import reference

MAX_WEIGHT_KG = Decimal("2000")  # heavier than any horse; each species has its own limit below this one
MIN_WEIGHT_KG = Decimal("0.001")
RESTORE_WINDOW = timedelta(days=30)

_PROFILE = Personal(
    purpose="The pet's profile: what apps show and what feeding advice is computed from",
    retention="Until the pet is deleted, and 30 days more in case that was a mistake",
)
#: What describes the animal and leads to nobody: a language model may be sent it.
_ANIMAL = replace(_PROFILE, for_model=True)


class Pet(models.Model):
    """An animal and everything its owner said about it.

    An age is one fact written in one of two ways: ``birth_date``, or an age in years, months and weeks as it was on
    ``age_as_of``. A deleted pet keeps its row for 30 days (``deleted_at``), invisible to every app.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.CASCADE, related_name="pets")
    name = models.CharField(_("name"), max_length=100)
    image = models.FileField(_("photo"), max_length=200, blank=True, db_index=True)
    pet_type = models.ForeignKey(reference.PetType, verbose_name=_("pet type"), on_delete=models.PROTECT, related_name="pets")
    breed = models.ForeignKey(
        reference.Breed, verbose_name=_("breed"), on_delete=models.PROTECT, related_name="pets", null=True, blank=True
    )
    gender = models.ForeignKey(
        reference.Gender, verbose_name=_("gender"), on_delete=models.PROTECT, related_name="pets", null=True, blank=True
    )
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    age_years = models.PositiveSmallIntegerField(_("age in years"), null=True, blank=True, validators=[MaxValueValidator(ages.MAX_YEARS)])
    age_months = models.PositiveSmallIntegerField(_("and months"), null=True, blank=True, validators=[MaxValueValidator(ages.MAX_MONTHS)])
    age_weeks = models.PositiveSmallIntegerField(_("and weeks"), null=True, blank=True, validators=[MaxValueValidator(ages.MAX_WEEKS)])
    age_as_of = models.DateField(_("age stated on"), null=True, blank=True)
    age_category = models.ForeignKey(
        reference.AgeCategory, verbose_name=_("age category"), on_delete=models.PROTECT, related_name="pets", null=True, blank=True
    )
    age_category_on = models.DateField(_("age category chosen on"), null=True, blank=True)
    neutered = models.BooleanField(_("neutered"), default=False)
    weight = models.DecimalField(
        _("weight (kg)"), max_digits=7, decimal_places=3, null=True, blank=True, validators=[MinValueValidator(MIN_WEIGHT_KG)]
    )
    body_type = models.ForeignKey(
        reference.BodyType, verbose_name=_("body type"), on_delete=models.PROTECT, related_name="pets", null=True, blank=True
    )
    activity_level = models.ForeignKey(
        reference.ActivityLevel, verbose_name=_("activity level"), on_delete=models.PROTECT, related_name="pets", null=True, blank=True
    )
    food_types = models.ManyToManyField(reference.FoodType, verbose_name=_("food types"), related_name="pets", blank=True)
    food_feeling = models.ForeignKey(
        reference.FoodFeeling, verbose_name=_("food feeling"), on_delete=models.PROTECT, related_name="pets", null=True, blank=True
    )
    food_importance = models.ForeignKey(
        reference.FoodImportance, verbose_name=_("food importance"), on_delete=models.PROTECT, related_name="pets", null=True, blank=True
    )
    food_allergies = models.ManyToManyField(reference.FoodAllergy, verbose_name=_("food allergies"), related_name="pets", blank=True)
    food_allergy_other = models.CharField(_("other food allergies"), max_length=500, blank=True)
    health_issues = models.ManyToManyField(reference.HealthIssue, verbose_name=_("health issues"), related_name="pets", blank=True)
    treat_frequency = models.ForeignKey(
        reference.TreatFrequency, verbose_name=_("treat frequency"), on_delete=models.PROTECT, related_name="pets", null=True, blank=True
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True, editable=False)

    objects = PetQuerySet.as_manager()

    personal: ClassVar[Declaration] = {
        "id": NOT_PERSONAL,
        "user": Personal(purpose="Who the pet belongs to", retention=_PROFILE.retention),
        **dict.fromkeys(("name", "image", "birth_date"), _PROFILE),
        **dict.fromkeys(
            (
                "pet_type",
                "breed",
                "gender",
                "age_years",
                "age_months",
                "age_weeks",
                "age_as_of",
                "age_category",
                "neutered",
                "weight",
                "body_type",
                "activity_level",
                "food_types",
                "food_feeling",
                "food_importance",
                "food_allergies",
                "food_allergy_other",
                "health_issues",
                "treat_frequency",
            ),
            _ANIMAL,
        ),
        "age_category_on": NOT_PERSONAL,
        "created_at": NOT_PERSONAL,
        "updated_at": NOT_PERSONAL,
        "deleted_at": NOT_PERSONAL,
    }

    class Meta:
        verbose_name = _("pet")
        verbose_name_plural = _("pets")
        ordering = ("created_at", "id")
        indexes = (models.Index(fields=("deleted_at",), condition=Q(deleted_at__isnull=False), name="pet_deleted"),)
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="pet_has_a_name"),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gt=0, weight__lt=MAX_WEIGHT_KG), name="pet_weight_is_possible"
            ),
            models.CheckConstraint(
                condition=(Q(age_years__isnull=True) | Q(age_years__lte=ages.MAX_YEARS))
                & (Q(age_months__isnull=True) | Q(age_months__lte=ages.MAX_MONTHS))
                & (Q(age_weeks__isnull=True) | Q(age_weeks__lte=ages.MAX_WEEKS)),
                name="pet_age_is_possible",
            ),
            models.CheckConstraint(
                condition=Q(age_as_of__isnull=True, age_years__isnull=True, age_months__isnull=True, age_weeks__isnull=True)
                | Q(age_as_of__isnull=False) & (Q(age_years__isnull=False) | Q(age_months__isnull=False) | Q(age_weeks__isnull=False)),
                name="pet_age_has_its_day",
            ),
            models.CheckConstraint(condition=Q(birth_date__isnull=True) | Q(age_as_of__isnull=True), name="pet_age_is_written_one_way"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def stated_age(self) -> ages.Age:
        return ages.Age(self.age_years, self.age_months, self.age_weeks)

    @property
    def born_on(self) -> date | None:
        """The birth date, or the latest one that fits the stated age; None when no age is known."""
        if self.birth_date or self.age_as_of is None:
            return self.birth_date
        return ages.estimated_birth(self.stated_age, self.age_as_of)

    def age_on(self, day: date) -> ages.Age:
        """The age on a day, in the units in which the owner states it."""
        born = self.born_on
        if born is None:
            return ages.Age()
        return ages.by_calendar(born, day) if self.birth_date else ages.in_units_of(self.stated_age, born, day)

    def _age_display(self) -> str:
        """ "4 years" in the active language, as of today; empty when the age is not known."""
        return ages.display(self.born_on, timezone.localdate())

    _age_display.short_description = _("age")  # type: ignore[attr-defined]
    age_display = property(_age_display)

    def get_weight_display(self) -> str:
        """ "25.50"; empty when it was never weighed."""
        return "" if self.weight is None else weights.text(self.weight)

    @property
    def restorable_until(self) -> datetime | None:
        return self.deleted_at + RESTORE_WINDOW if self.deleted_at else None

    def clean(self) -> None:
        """Raises ``ValidationError`` when breed, age category or weight do not belong to the species."""
        problems: dict[str, str] = {}
        if not self.name.strip():
            problems["name"] = str(_("This field may not be blank."))
        if self.breed and self.breed.pet_type_id != self.pet_type_id:
            problems["breed"] = str(_("This breed is of another species than the pet."))
        if self.age_category and self.age_category.pet_type_id != self.pet_type_id:
            problems["age_category"] = str(_("This age category is of another species than the pet."))
        if self.weight is not None and not self.pet_type.weight_min_kg <= self.weight <= self.pet_type.weight_max_kg:
            problems["weight"] = _("%(species)s: the weight must be between %(low)s and %(high)s kg.") % {
                "species": self.pet_type.name,
                "low": f"{self.pet_type.weight_min_kg.normalize():f}",
                "high": f"{self.pet_type.weight_max_kg.normalize():f}",
            }
        if problems:
            raise ValidationError(problems)


class WeightRecord(models.Model):
    """What a pet weighed from ``recorded_at`` on; one row for each change."""

    pet = models.ForeignKey(Pet, verbose_name=_("pet"), on_delete=models.CASCADE, related_name="weights")
    weight = models.DecimalField(_("weight (kg)"), max_digits=7, decimal_places=3)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    personal: ClassVar[Declaration] = {
        "id": NOT_PERSONAL,
        "pet": NOT_PERSONAL,
        "weight": Personal(purpose="The curve of the pet's weight", retention=_PROFILE.retention),
        "recorded_at": Personal(purpose="The curve of the pet's weight", retention=_PROFILE.retention),
    }

    class Meta:
        verbose_name = _("weight record")
        verbose_name_plural = _("weight records")
        ordering = ("recorded_at", "id")
        indexes = (models.Index(fields=("pet", "recorded_at"), name="weight_record_of_pet"),)
        constraints = (models.CheckConstraint(condition=Q(weight__gt=0, weight__lt=MAX_WEIGHT_KG), name="weight_record_is_possible"),)

    def __str__(self) -> str:
        return f"{weights.text(self.weight)} kg"
