"""Which columns of the reference lists exist once per language (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from .models import (
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
    PetType,
    TreatFrequency,
)


@register([PetType, Gender, Breed, AgeCategory, FoodFeeling, FoodImportance, HealthIssue, TreatFrequency])
class NameOptions(TranslationOptions):
    fields = ("name",)
    required_languages = ("en",)


@register([FoodType, BodyType, ActivityLevel])
class DescribedOptions(TranslationOptions):
    fields = ("name", "description")
    required_languages = {"en": ("name",)}


@register(FoodAllergy)
class FoodAllergyOptions(TranslationOptions):
    fields = ("name", "synonyms")
    required_languages = {"en": ("name",)}
