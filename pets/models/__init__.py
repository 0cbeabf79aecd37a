"""Pets and the reference lists that describe them."""

from .pets import MAX_WEIGHT_KG, Pet, WeightRecord
from .reference import (
    REFERENCE_MODELS,
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
    ReferenceFile,
    ReferenceRow,
    TreatFrequency,
)

__all__ = [
    "MAX_WEIGHT_KG",
    "REFERENCE_MODELS",
    "ActivityLevel",
    "AgeCategory",
    "BodyType",
    "Breed",
    "FoodAllergy",
    "FoodFeeling",
    "FoodImportance",
    "FoodType",
    "Gender",
    "HealthIssue",
    "Pet",
    "PetType",
    "ReferenceFile",
    "ReferenceRow",
    "TreatFrequency",
    "WeightRecord",
]
