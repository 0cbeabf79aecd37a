"""Growing animals: how much of the adult weight is reached, and the energy that growth takes at that share."""

from __future__ import annotations

import math
from bisect import bisect_right

from ai.profiles import AnimalProfile, LifeStage

from . import species

#: Middle of the adult weights of a size class (kg), where the breed's own range is not known.
ADULT_KG_OF_SIZE = {"toy": 3.5, "small": 7.5, "medium": 17.0, "large": 32.0, "giant": 55.0}
CAT_ADULT_KG = 4.2
CAT_SHARES = ((0.0, 0.03), (1.0, 0.12), (2.0, 0.25), (3.0, 0.36), (4.0, 0.48), (6.0, 0.68), (9.0, 0.88), (12.0, 1.0))
#: Share of the adult weight by age in months, read off the growth charts of Salt et al. 2017 and rounded.
DOG_SHARES = {
    "toy": ((0.0, 0.04), (2.0, 0.30), (3.0, 0.43), (4.0, 0.55), (6.0, 0.75), (9.0, 0.93), (12.0, 1.0)),
    "small": ((0.0, 0.04), (2.0, 0.27), (3.0, 0.40), (4.0, 0.52), (6.0, 0.73), (9.0, 0.92), (12.0, 1.0)),
    "medium": ((0.0, 0.03), (2.0, 0.22), (3.0, 0.35), (4.0, 0.46), (6.0, 0.66), (9.0, 0.85), (12.0, 0.95), (15.0, 1.0)),
    "large": ((0.0, 0.02), (2.0, 0.17), (3.0, 0.28), (4.0, 0.39), (6.0, 0.58), (9.0, 0.79), (12.0, 0.91), (18.0, 1.0)),
    "giant": ((0.0, 0.01), (2.0, 0.13), (3.0, 0.22), (4.0, 0.32), (6.0, 0.50), (9.0, 0.70), (12.0, 0.83), (18.0, 0.96), (24.0, 1.0)),
}
#: FEDIAF: kcal per kg^0.75 up to 50 %, up to 80 % and up to 100 % of the adult weight.
PUPPY_COEFFICIENTS = ((0.5, 210.0), (0.8, 175.0), (math.inf, 140.0))
#: FEDIAF: times the adult need, up to 4, 9 and 12 months (low, likely, high).
KITTEN_FACTORS = ((4.0, (2.0, 2.25, 2.5)), (9.0, (1.75, 1.875, 2.0)), (math.inf, (1.4, 1.5, 1.6)))


def is_growing(profile: AnimalProfile) -> bool:
    """By age where it is known, else by the stage that the owner chose."""
    if profile.age_months is not None:
        return profile.age_months < species.grown_at_months(profile)
    return profile.life_stage is LifeStage.GROWTH


def is_unweaned(profile: AnimalProfile) -> bool:
    return profile.age_months is not None and profile.age_months < species.WEANED_AT_MONTHS


def expected_share(profile: AnimalProfile) -> float:
    """The share of the adult weight that an animal of this age and size usually has; half of it where the age is not known."""
    if profile.age_months is None:
        return 0.5
    curve = CAT_SHARES if profile.species == species.CAT else DOG_SHARES.get(profile.size_class, DOG_SHARES["medium"])
    return _interpolate(curve, profile.age_months)


def adult_weight(profile: AnimalProfile, weight_kg: float) -> float:
    """The weight to which it will grow: breed range (upper part for males), size class, or the growth curve; never below today's."""
    low, high = profile.adult_weight_min_kg, profile.adult_weight_max_kg
    if low and high:
        part = {"male": 2 / 3, "female": 1 / 3}.get(profile.sex, 1 / 2)
        expected = low + (high - low) * part
    elif profile.size_class in ADULT_KG_OF_SIZE and profile.species == species.DOG:
        expected = ADULT_KG_OF_SIZE[profile.size_class]
    elif profile.age_months is not None:
        expected = weight_kg / expected_share(profile)
    else:
        expected = CAT_ADULT_KG if profile.species == species.CAT else 2 * weight_kg
    return max(expected, weight_kg)


def puppy_coefficient(share: float) -> float:
    """kcal per kg^0.75 (FEDIAF) at a share of the adult weight."""
    return next(value for limit, value in PUPPY_COEFFICIENTS if share <= limit)


def puppy_kcal_nrc(weight_kg: float, share: float) -> float:
    """NRC 2006: 130 · kg^0.75 · 3.2 · (e^(-0.87 · share) - 0.1); higher than FEDIAF for the very young, so it gives the upper limit."""
    return 130 * weight_kg**0.75 * 3.2 * (math.exp(-0.87 * share) - 0.1)


def kitten_factors(profile: AnimalProfile, share: float) -> tuple[float, float, float]:
    """Times the adult need (low, likely, high), by age, or by the share of the adult weight where the age is not known."""
    months = profile.age_months
    if months is None:
        months = 3.0 if share < 0.5 else 6.0 if share < 0.8 else 10.0
    return next(factors for limit, factors in KITTEN_FACTORS if months < limit)


def _interpolate(curve: tuple[tuple[float, float], ...], months: float) -> float:
    at = bisect_right([point[0] for point in curve], months)
    if at >= len(curve):
        return 1.0
    (from_month, from_share), (to_month, to_share) = curve[max(at - 1, 0)], curve[at]
    return from_share + (to_share - from_share) * (months - from_month) / (to_month - from_month)
