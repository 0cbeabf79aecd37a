"""The tables of ``ai``."""

from .chat import ChatMessage, ChatSession
from .generations import Generation, Kind, MonthlyUse, Source
from .providers import ModelCircuit, ModelPrices
from .reference import Ingredient
from .results import HealthReport, MealRecommendation

__all__ = [
    "ChatMessage",
    "ChatSession",
    "Generation",
    "HealthReport",
    "Ingredient",
    "Kind",
    "MealRecommendation",
    "ModelCircuit",
    "ModelPrices",
    "MonthlyUse",
    "Source",
]
