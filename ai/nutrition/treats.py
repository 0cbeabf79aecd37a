"""Treats: never above a tenth of the day's energy, less while losing weight."""

from __future__ import annotations

import math

from ai.profiles import AnimalProfile

from . import condition, growth
from .ingredients import Ingredient
from .nutrients import TREATS_SHARE

SHARES = {
    "never": 0.0,
    "rarely": 0.02,
    "few-times-a-week": 0.04,
    "once-a-day": 0.06,
    "two-three-times-a-day": 0.08,
    "many-times-a-day": TREATS_SHARE,
}
SHARE_UNKNOWN = 0.05
SHARE_WHILE_LOSING = 0.05
#: Room for rounding: the grams are rounded down, the rest of the day up or down.
MARGIN = 0.97


def treats_share(profile: AnimalProfile) -> float:
    """The share of the day's energy that treats get, by how often the owner gives them."""
    if growth.is_unweaned(profile):
        return 0.0
    share = SHARES.get(profile.treat_frequency, SHARE_UNKNOWN)
    return min(share, SHARE_WHILE_LOSING) if condition.loses_weight(profile) else share


def treat_grams(treat: Ingredient, kcal: float, share: float) -> float:
    """Whole grams of a treat, rounded down; 0 when the share is too small for one gram."""
    return float(math.floor(MARGIN * share * kcal / treat.kcal * 100))
