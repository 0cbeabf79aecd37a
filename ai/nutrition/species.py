"""What the engine knows about a species before it knows the animal."""

from __future__ import annotations

from ai.profiles import AnimalProfile

DOG, CAT = "dog", "cat"
#: Species whose energy needs are computed from published formulas; for the others there is advice in words.
COMPUTED = (DOG, CAT)
#: Newborn of the smallest to the heaviest on record (kg); the pets' reference list holds the same limits.
WEIGHT_LIMITS = {DOG: (0.05, 160.0), CAT: (0.04, 25.0)}
#: Age in months at which dogs of a size are grown (WSAVA; large breeds later than small ones).
GROWN_AT_MONTHS = {"toy": 10.0, "small": 10.0, "medium": 12.0, "large": 15.0, "giant": 21.0}
CAT_GROWN_AT_MONTHS = 12.0
WEANED_AT_MONTHS = 1.0


def is_computed(profile: AnimalProfile) -> bool:
    return profile.species in COMPUTED


def has_possible_weight(profile: AnimalProfile) -> bool:
    """Whether the weight is a number within the limits of a species that the engine computes."""
    weight = profile.weighs
    if weight is None or not is_computed(profile):
        return False
    low, high = WEIGHT_LIMITS[profile.species]
    return low <= weight <= high


def grown_at_months(profile: AnimalProfile) -> float:
    if profile.species == CAT:
        return CAT_GROWN_AT_MONTHS
    return GROWN_AT_MONTHS.get(profile.size_class, GROWN_AT_MONTHS["medium"])
