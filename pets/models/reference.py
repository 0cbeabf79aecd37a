"""The reference lists: ordinary tables with a column per language, filled from reviewed files (design D7)."""

# modeltranslation gives every model a manager that the plugin cannot see.
# mypy: disable-error-code="django-manager-missing"

from __future__ import annotations

from itertools import count
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from fammo.common.languages import CODES, DEFAULT_CODE
from fammo.common.privacy import NOT_PERSONAL, Declaration

#: Ids below this come from the files of the repository; rows that editors add get ids from here on.
FIRST_EDITOR_ID = 100_000


def _in_all_languages(name: str) -> tuple[str, ...]:
    """The columns that modeltranslation makes of a field, and the field itself."""
    return (name, *(f"{name}_{code}" for code in CODES))


def _is_empty(column: str) -> Q:
    return Q(**{column: ""}) | Q(**{f"{column}__isnull": True})


class ReferenceRow(models.Model):
    """One choice in a list that apps offer: a name per language, where it comes from, and whether a person agreed to it.

    ``loaded`` holds what ``load_reference_data`` last wrote, column by column: a column that differs was edited by a
    person and is never overwritten. A row in use is retired, never deleted (docs/decisions/0006-reference-data.md).
    """

    id = models.BigAutoField(_("id"), primary_key=True)
    slug = models.SlugField(_("slug"), max_length=100, blank=True, help_text=_("Names this row in code; never changes."))
    name = models.CharField(_("name"), max_length=120)
    order = models.PositiveIntegerField(_("order"), default=0, help_text=_("Lower numbers come first."))
    source = models.CharField(_("source"), max_length=200, blank=True, help_text=_("Publication, data set or person."))
    source_id = models.CharField(_("id in the source"), max_length=120, blank=True)
    reviewed = models.BooleanField(_("reviewed"), default=False, help_text=_("A person who speaks the languages agreed to this row."))
    is_retired = models.BooleanField(_("retired"), default=False, help_text=_("No longer offered; pets that have it keep it."))
    loaded = models.JSONField(default=dict, blank=True, editable=False)

    #: The two columns of a list, if it has such, that say from where to where.
    range_columns: ClassVar[tuple[str, str] | None] = None

    personal: ClassVar[Declaration] = dict.fromkeys(
        (*_in_all_languages("name"), "id", "slug", "order", "source", "source_id", "reviewed", "is_retired", "loaded"), NOT_PERSONAL
    )

    class Meta:
        abstract = True
        ordering = ("order", "name_en", "id")
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.UniqueConstraint(fields=("slug",), name="%(class)s_slug_is_unique"),
        )

    def __str__(self) -> str:
        return str(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = self._free_slug()
        super().save(*args, **kwargs)

    @classmethod
    def word_columns(cls) -> list[str]:
        """The columns of this list that exist once per language: the name, and what explains it."""
        own = {field.name for field in cls._meta.fields}
        return [name for name in ("name", "description", "synonyms") if name in own]

    @classmethod
    def untranslated_in(cls, code: str) -> Q:
        """Finds rows without a name in that language, or without other words that they have in English."""
        found = _is_empty(f"name_{code}")
        for name in cls.word_columns()[1:]:
            found |= _is_empty(f"{name}_{code}") & ~_is_empty(f"{name}_{DEFAULT_CODE}")
        return found

    @property
    def missing_translations(self) -> list[str]:
        """The languages in which this row has no name, or lacks other words that it has in English."""
        return [code for code in CODES if self._lacks_words_in(code)]

    def _lacks_words_in(self, code: str) -> bool:
        if not getattr(self, f"name_{code}"):
            return True
        others = self.word_columns()[1:]
        return any(getattr(self, f"{name}_{DEFAULT_CODE}") and not getattr(self, f"{name}_{code}") for name in others)

    @property
    def is_from_file(self) -> bool:
        """Whether the row came from the repository's files; it would come again if it were deleted."""
        return bool(self.loaded)

    def clean(self) -> None:
        """Raises ``ValidationError`` for a range that ends before it begins and for another species than that of the pets that have it."""
        if self.range_columns:
            low, high = (getattr(self, name) for name in self.range_columns)
            if low is not None and high is not None and low > high:
                raise ValidationError({self.range_columns[1]: _("This is less than where the range begins.")})
        species = getattr(self, "pet_type_id", None)
        if self.pk and species:
            rows: Any = type(self)._base_manager
            before = rows.filter(pk=self.pk).values_list("pet_type_id", flat=True).first()
            if before not in {None, species} and self.pets.exists():  # type: ignore[attr-defined]
                raise ValidationError({"pet_type": _("There are pets with this row; it cannot move to another species.")})

    def _free_slug(self) -> str:
        name = slugify(getattr(self, f"name_{DEFAULT_CODE}") or "")[:80] or "row"
        taken = set(type(self)._base_manager.filter(slug__startswith=name).values_list("slug", flat=True))
        return name if name not in taken else next(slug for n in count(2) if (slug := f"{name}-{n}") not in taken)


class Describable(models.Model):
    """A reference row that needs a sentence to be chosen rightly."""

    description = models.TextField(_("description"), blank=True, default="")

    personal: ClassVar[Declaration] = dict.fromkeys(_in_all_languages("description"), NOT_PERSONAL)

    class Meta:
        abstract = True


class PetType(ReferenceRow):
    """A species that the product knows, with the weights that an animal of it can have at all."""

    weight_min_kg = models.DecimalField(_("lowest possible weight (kg)"), max_digits=7, decimal_places=3)
    weight_max_kg = models.DecimalField(_("highest possible weight (kg)"), max_digits=7, decimal_places=3)

    range_columns = ("weight_min_kg", "weight_max_kg")
    personal: ClassVar[Declaration] = dict.fromkeys(("weight_min_kg", "weight_max_kg"), NOT_PERSONAL)

    class Meta(ReferenceRow.Meta):
        verbose_name = _("pet type")
        verbose_name_plural = _("pet types")
        constraints = (
            *ReferenceRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(weight_min_kg__gte=0, weight_max_kg__gt=F("weight_min_kg")),
                name="pet_type_weights_are_a_range",
            ),
        )


class Gender(ReferenceRow):
    """Male, female, or not known."""

    class Meta(ReferenceRow.Meta):
        verbose_name = _("gender")
        verbose_name_plural = _("genders")


class Breed(ReferenceRow):
    """A breed of one species; size and adult weights where they are known, ``local_name_note`` where a language has no name of its own."""

    class SizeClass(models.TextChoices):
        TOY = "toy", _("Toy")
        SMALL = "small", _("Small")
        MEDIUM = "medium", _("Medium")
        LARGE = "large", _("Large")
        GIANT = "giant", _("Giant")

    pet_type = models.ForeignKey(PetType, verbose_name=_("pet type"), on_delete=models.PROTECT, related_name="breeds")
    size_class = models.CharField(_("size class"), max_length=10, choices=SizeClass, blank=True)
    adult_weight_min_kg = models.DecimalField(_("adult weight from (kg)"), max_digits=7, decimal_places=3, null=True, blank=True)
    adult_weight_max_kg = models.DecimalField(_("adult weight to (kg)"), max_digits=7, decimal_places=3, null=True, blank=True)
    local_name_note = models.CharField(
        _("note on local names"),
        max_length=200,
        blank=True,
        help_text=_("Says which languages keep the international name because they have none of their own."),
    )

    range_columns = ("adult_weight_min_kg", "adult_weight_max_kg")
    personal: ClassVar[Declaration] = dict.fromkeys(
        ("pet_type", "size_class", "adult_weight_min_kg", "adult_weight_max_kg", "local_name_note"), NOT_PERSONAL
    )

    class Meta(ReferenceRow.Meta):
        verbose_name = _("breed")
        verbose_name_plural = _("breeds")
        constraints = (
            models.UniqueConstraint(fields=("pet_type", "slug"), name="breed_slug_is_unique_in_its_species"),
            models.CheckConstraint(
                condition=Q(adult_weight_min_kg__isnull=True, adult_weight_max_kg__isnull=True)
                | Q(adult_weight_min_kg__gt=0, adult_weight_max_kg__gte=F("adult_weight_min_kg")),
                name="breed_adult_weights_are_a_range",
            ),
        )


class AgeCategory(ReferenceRow):
    """A stage of life of one species: from ``min_weeks`` up to, not including, ``max_weeks`` (null: to the end of life)."""

    pet_type = models.ForeignKey(PetType, verbose_name=_("pet type"), on_delete=models.PROTECT, related_name="age_categories")
    min_weeks = models.PositiveIntegerField(_("from week"))
    max_weeks = models.PositiveIntegerField(_("before week"), null=True, blank=True)

    range_columns = ("min_weeks", "max_weeks")
    personal: ClassVar[Declaration] = dict.fromkeys(("pet_type", "min_weeks", "max_weeks"), NOT_PERSONAL)

    class Meta(ReferenceRow.Meta):
        ordering = ("pet_type_id", "order", "id")
        verbose_name = _("age category")
        verbose_name_plural = _("age categories")
        constraints = (
            *ReferenceRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(max_weeks__isnull=True) | Q(max_weeks__gt=F("min_weeks")),
                name="age_category_weeks_are_a_range",
            ),
        )

    def covers(self, weeks: int) -> bool:
        return self.min_weeks <= weeks and (self.max_weeks is None or weeks < self.max_weeks)


class FoodType(Describable, ReferenceRow):
    """A kind of food that a pet eats: dry, wet, raw, …"""

    class Meta(ReferenceRow.Meta):
        verbose_name = _("food type")
        verbose_name_plural = _("food types")


class FoodFeeling(ReferenceRow):
    """How a pet takes to its food."""

    class Meta(ReferenceRow.Meta):
        verbose_name = _("food feeling")
        verbose_name_plural = _("food feelings")


class FoodImportance(ReferenceRow):
    """How much the owner cares about the food."""

    class Meta(ReferenceRow.Meta):
        verbose_name = _("food importance")
        verbose_name_plural = _("food importance levels")


class BodyType(Describable, ReferenceRow):
    """A body shape, mapped to the 9-point body condition score of WSAVA."""

    condition_score_min = models.PositiveSmallIntegerField(_("body condition score from"))
    condition_score_max = models.PositiveSmallIntegerField(_("body condition score to"))

    range_columns = ("condition_score_min", "condition_score_max")
    personal: ClassVar[Declaration] = dict.fromkeys(("condition_score_min", "condition_score_max"), NOT_PERSONAL)

    class Meta(ReferenceRow.Meta):
        verbose_name = _("body type")
        verbose_name_plural = _("body types")
        constraints = (
            *ReferenceRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(condition_score_min__gte=1, condition_score_max__gte=F("condition_score_min"), condition_score_max__lte=9),
                name="body_type_scores_are_a_range_of_nine",
            ),
        )


class ActivityLevel(Describable, ReferenceRow):
    """How much a pet moves in a day."""

    class Meta(ReferenceRow.Meta):
        verbose_name = _("activity level")
        verbose_name_plural = _("activity levels")


class FoodAllergy(ReferenceRow):
    """An ingredient that a pet does not tolerate, with the words in each language under which it stands on a label."""

    synonyms = models.TextField(
        _("synonyms"), blank=True, default="", help_text=_("Words on labels that mean this ingredient, split by |.")
    )

    personal: ClassVar[Declaration] = dict.fromkeys(_in_all_languages("synonyms"), NOT_PERSONAL)

    class Meta(ReferenceRow.Meta):
        verbose_name = _("food allergy")
        verbose_name_plural = _("food allergies")

    def words(self) -> frozenset[str]:
        """All that names this ingredient in any of the four languages, in lower case."""
        columns: list[Any] = [getattr(self, f"{field}_{code}") for field in ("name", "synonyms") for code in CODES]
        return frozenset(word.strip().casefold() for column in columns for word in (column or "").split("|") if word.strip())


class HealthIssue(ReferenceRow):
    """A condition that feeding and care must heed."""

    class Meta(ReferenceRow.Meta):
        verbose_name = _("health issue")
        verbose_name_plural = _("health issues")


class TreatFrequency(ReferenceRow):
    """How often a pet gets treats."""

    class Meta(ReferenceRow.Meta):
        verbose_name = _("treat frequency")
        verbose_name_plural = _("treat frequencies")


class ReferenceFile(models.Model):
    """A data file that was loaded, by the hash of its bytes: an unchanged file is skipped."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    row_count = models.PositiveIntegerField(_("rows"))
    loaded_at = models.DateTimeField(_("loaded at"))

    personal: ClassVar[Declaration] = dict.fromkeys(("id", "name", "sha256", "row_count", "loaded_at"), NOT_PERSONAL)

    class Meta:
        verbose_name = _("reference data file")
        verbose_name_plural = _("reference data files")

    def __str__(self) -> str:
        return self.name


#: In the order in which they can be loaded: a list comes after those that it points to.
REFERENCE_MODELS: tuple[type[ReferenceRow], ...] = (
    PetType,
    Gender,
    Breed,
    AgeCategory,
    FoodType,
    FoodFeeling,
    FoodImportance,
    BodyType,
    ActivityLevel,
    FoodAllergy,
    HealthIssue,
    TreatFrequency,
)
