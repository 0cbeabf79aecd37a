"""The nutrition engine: pure code, no network and no database. Every number carries its formula, edition, factor and inputs.

``compose_meal_plan`` and ``compose_health_report`` give results in the profile's language, ``red_flags`` the signs that a vet must see.
"""

from __future__ import annotations

from functools import cache

from .energy import energy_need, maintenance_kcal, resting_kcal
from .flags import red_flags
from .ingredients import Group, Ingredient, Pantry, read_pantry
from .plans import RULES_VERSION, compose_meal_plan, species_notes, waits_for_weight
from .reports import compose_health_report

__all__ = [
    "RULES_VERSION",
    "Group",
    "Ingredient",
    "Pantry",
    "compose_health_report",
    "compose_meal_plan",
    "energy_need",
    "maintenance_kcal",
    "red_flags",
    "resting_kcal",
    "species_notes",
    "standard_pantry",
    "waits_for_weight",
]


@cache
def standard_pantry() -> Pantry:
    """The pantry of the repository's files, read once."""
    return read_pantry()
