"""What apps send and read about pets (api-contract, shape rules 3, 6 and 9)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from fammo.common.text import validate_one_line
from pets import ages, direct_uploads
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
    PetType,
    TreatFrequency,
    WeightRecord,
)

from .fields import PhotoField, ReferenceField, ReferenceListField, WeightField


class NullableDate(serializers.DateField):
    """A date; the empty text of a form means none."""

    def get_value(self, dictionary: Any) -> Any:
        value = super().get_value(dictionary)
        return None if value == "" else value


class PetInput(serializers.Serializer[Any]):
    """A pet as an app sends it; what is absent is left to the service."""

    name = serializers.CharField(max_length=100, validators=[validate_one_line])
    image = PhotoField(required=False, allow_null=True)
    pet_type = ReferenceField(PetType)
    breed = ReferenceField(Breed, required=False, allow_null=True)
    gender = ReferenceField(Gender, required=False, allow_null=True)
    birth_date = NullableDate(required=False, allow_null=True)
    age_years = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=ages.MAX_YEARS)
    age_months = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=ages.MAX_MONTHS)
    age_weeks = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=ages.MAX_WEEKS)
    age_category = ReferenceField(AgeCategory, required=False, allow_null=True)
    neutered = serializers.BooleanField(required=False)
    weight = WeightField(required=False, allow_null=True)
    body_type = ReferenceField(BodyType, required=False, allow_null=True)
    activity_level = ReferenceField(ActivityLevel, required=False, allow_null=True)
    food_types = ReferenceListField(FoodType, required=False)
    food_feeling = ReferenceField(FoodFeeling, required=False, allow_null=True)
    food_importance = ReferenceField(FoodImportance, required=False, allow_null=True)
    food_allergies = ReferenceListField(FoodAllergy, required=False)
    food_allergy_other = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=500)
    health_issues = ReferenceListField(HealthIssue, required=False)
    treat_frequency = ReferenceField(TreatFrequency, required=False, allow_null=True)

    def validate_food_allergy_other(self, value: str | None) -> str:
        return value or ""


class Brief(serializers.Serializer[Any]):
    """A reference row in the language of the answer."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class DescribedBrief(Brief):
    description = serializers.CharField()


class BreedBrief(Brief):
    pet_type = Brief()


class AgeCategoryBrief(Brief):
    pet_type = Brief()
    order = serializers.IntegerField()


class PetWarning(serializers.Serializer[Any]):
    """Something about a pet that is possible but worth a second look."""

    code = serializers.CharField()
    field = serializers.CharField()
    message = serializers.CharField()


class PhotoRendition(serializers.Serializer[Any]):
    """One size of a photo; ``max_side`` is the length in pixels that its longer side has at most."""

    url = serializers.URLField()
    max_side = serializers.IntegerField()


class PhotoRenditions(serializers.Serializer[Any]):
    """A photo in three sizes; ``image`` is the large one."""

    thumbnail = PhotoRendition()
    medium = PhotoRendition()
    large = PhotoRendition()


class PhotoUploadInput(serializers.Serializer[Any]):
    content_type = serializers.ChoiceField(choices=direct_uploads.CONTENT_TYPES)


class PhotoUploadAnswer(serializers.Serializer[Any]):
    """A form that puts one file into storage; the photo is the pet's after ``complete/``."""

    id = serializers.CharField()
    url = serializers.URLField()
    method = serializers.CharField()
    fields = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]
    max_bytes = serializers.IntegerField()
    expires_at = serializers.DateTimeField()


class PetAnswer(serializers.Serializer[Any]):
    """A pet as apps read it: relations as ids with their words beside them. ``presentation`` writes it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    image = serializers.URLField(allow_null=True)
    image_renditions = PhotoRenditions(allow_null=True)
    neutered = serializers.BooleanField()
    birth_date = serializers.DateField(allow_null=True)
    age_years = serializers.IntegerField(allow_null=True)
    age_months = serializers.IntegerField(allow_null=True)
    age_weeks = serializers.IntegerField(allow_null=True)
    age_display = serializers.CharField()
    age_category = serializers.IntegerField(allow_null=True)
    age_category_detail = AgeCategoryBrief(allow_null=True)
    weight = WeightField(allow_null=True)
    pet_type = serializers.IntegerField()
    pet_type_detail = Brief()
    breed = serializers.IntegerField(allow_null=True)
    breed_detail = BreedBrief(allow_null=True)
    gender = serializers.IntegerField(allow_null=True)
    gender_detail = Brief(allow_null=True)
    body_type = serializers.IntegerField(allow_null=True)
    body_type_detail = DescribedBrief(allow_null=True)
    activity_level = serializers.IntegerField(allow_null=True)
    activity_level_detail = DescribedBrief(allow_null=True)
    food_types = serializers.ListField(child=serializers.IntegerField())
    food_types_detail = Brief(many=True)
    food_feeling = serializers.IntegerField(allow_null=True)
    food_feeling_detail = Brief(allow_null=True)
    food_importance = serializers.IntegerField(allow_null=True)
    food_importance_detail = Brief(allow_null=True)
    food_allergies = serializers.ListField(child=serializers.IntegerField())
    food_allergies_detail = Brief(many=True)
    food_allergy_other = serializers.CharField(allow_blank=True)
    health_issues = serializers.ListField(child=serializers.IntegerField())
    health_issues_detail = Brief(many=True)
    treat_frequency = serializers.IntegerField(allow_null=True)
    treat_frequency_detail = Brief(allow_null=True)
    user = serializers.IntegerField()
    warnings = PetWarning(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class WeightAnswer(serializers.ModelSerializer[WeightRecord]):
    """One point of a pet's weight curve."""

    weight = WeightField()

    class Meta:
        model = WeightRecord
        fields = ("id", "weight", "recorded_at")
        read_only_fields = fields


class ReferenceAnswer(serializers.Serializer[Any]):
    """A row of a reference list: its name in the language of the answer, and in each of the four."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    name_fi = serializers.CharField()
    name_nl = serializers.CharField()
    name_tr = serializers.CharField()
    slug = serializers.CharField()
    order = serializers.IntegerField()


class DescribedAnswer(ReferenceAnswer):
    description = serializers.CharField()


class PetTypeAnswer(ReferenceAnswer):
    weight_min_kg = serializers.DecimalField(max_digits=7, decimal_places=3)
    weight_max_kg = serializers.DecimalField(max_digits=7, decimal_places=3)


class BreedAnswer(ReferenceAnswer):
    pet_type = Brief()
    size_class = serializers.CharField()
    adult_weight_min_kg = serializers.DecimalField(max_digits=7, decimal_places=3, allow_null=True)
    adult_weight_max_kg = serializers.DecimalField(max_digits=7, decimal_places=3, allow_null=True)


class AgeCategoryAnswer(ReferenceAnswer):
    pet_type = Brief()
    min_weeks = serializers.IntegerField()
    max_weeks = serializers.IntegerField(allow_null=True)


class BodyTypeAnswer(DescribedAnswer):
    condition_score_min = serializers.IntegerField()
    condition_score_max = serializers.IntegerField()
