"""How many kilocalories a day, by published formulas, with everything needed to compute them again.

Metabolic weight is kg^0.75 for dogs and kg^0.67 for cats (NRC 2006, FEDIAF 2024). Individuals differ much: the range is part of the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ai.profiles import AnimalProfile, LifeStage

from . import condition, growth, species
from .sources import AAHA_NUTRITION, AAHA_WEIGHT, FEDIAF, NRC

RESTING_COEFFICIENT = 70.0
EXPONENT = {species.DOG: 0.75, species.CAT: 0.67}
#: FEDIAF 2024: kcal per kg^0.75 a day of grown dogs by activity (low, likely, high).
DOG_COEFFICIENTS = {
    "low": (80.0, 95.0, 110.0),
    "moderate": (95.0, 110.0, 130.0),
    "high": (110.0, 125.0, 150.0),
    "very-high": (150.0, 163.0, 175.0),
}
#: FEDIAF 2024: kcal per kg^0.67 a day of grown cats: neutered or indoor 52 to 75, active 100.
CAT_COEFFICIENTS = {
    (True, "low"): (52.0, 64.0, 75.0),
    (True, "moderate"): (60.0, 75.0, 90.0),
    (True, "high"): (75.0, 90.0, 110.0),
    (True, "very-high"): (75.0, 100.0, 120.0),
    (False, "low"): (60.0, 75.0, 90.0),
    (False, "moderate"): (75.0, 90.0, 110.0),
    (False, "high"): (80.0, 100.0, 120.0),
    (False, "very-high"): (80.0, 100.0, 130.0),
}
#: AAHA 2021: dogs 1.8 x resting when intact, 1.6 x when neutered. FEDIAF's figures are of mostly neutered pets.
INTACT_DOG = 1.8 / 1.6
#: FEDIAF 2024: 130 at 1 to 2 years and 95 from 7 years on, against 110 between.
YOUNG_ADULT_DOG, SENIOR_DOG = 130 / 110, 95 / 110
YOUNG_ADULT_UNTIL_MONTHS, SENIOR_FROM_MONTHS = 24.0, 84.0
#: FEDIAF 2024 names two breeds whose need is not that of others (kcal per kg^0.75).
BREED_COEFFICIENTS = {"great-dane": (150.0, 200.0, 250.0), "newfoundland": (80.0, 105.0, 132.0)}
#: How far the range is widened for sizes whose breeds differ among themselves (from the breed figures of NRC 2006).
SIZE_SPREAD = {"giant": (0.90, 1.15), "toy": (0.95, 1.10)}
UNWEANED_KCAL_PER_KG = 250.0


@dataclass(frozen=True)
class Need:
    """Kilocalories a day. ``factor`` is likely divided by resting energy; ``steps`` tell the way in short English formulas."""

    low: float
    likely: float
    high: float
    resting: float
    formula: str
    edition: str
    inputs: dict[str, float | str] = field(default_factory=dict)
    steps: tuple[str, ...] = ()

    @property
    def factor(self) -> float:
        return self.likely / self.resting


def resting_kcal(weight_kg: float) -> float:
    """RER: 70 · kg^0.75 (NRC 2006); used for dogs and cats alike, as AAHA and WSAVA do."""
    return RESTING_COEFFICIENT * weight_kg**0.75


def maintenance_kcal(species_key: str, weight_kg: float, coefficient: float) -> float:
    """``coefficient`` · kg^0.75 for dogs, · kg^0.67 for cats."""
    return coefficient * weight_kg ** EXPONENT[species_key]


def energy_need(profile: AnimalProfile) -> Need | None:
    """The need of the animal today; None for a species without formulas or a weight that none of it can have."""
    if not species.has_possible_weight(profile):
        return None
    weight = profile.weighs or 0.0
    if growth.is_unweaned(profile):
        return _unweaned(weight)
    if "pregnancy-lactation" in profile.health_issues:
        return _breeding(profile, weight)
    if growth.is_growing(profile):
        return _growing(profile, weight)
    if condition.loses_weight(profile):
        return _losing(profile, weight)
    return _maintenance(profile, weight)


def _unweaned(weight: float) -> Need:
    likely = UNWEANED_KCAL_PER_KG * weight
    return Need(
        likely * 0.85,
        likely,
        likely * 1.15,
        resting_kcal(weight),
        "25 kcal · (100 g body weight)",
        FEDIAF,
        {"weight_kg": weight},
        ("not weaned: milk or milk replacer only",),
    )


def _breeding(profile: AnimalProfile, weight: float) -> Need:
    """Late pregnancy is likely; the upper limit is the peak of lactation with four young, which no one can tell beforehand."""
    if profile.species == species.DOG:
        likely, high, formula = 132 * weight**0.75 + 26 * weight, 145 * weight**0.75 + 96 * weight, "132 · kg^0.75 + 26 · kg"
    else:
        likely, high, formula = 140 * weight**0.67, 100 * weight**0.67 + 72 * weight, "140 · kg^0.67"
    low = likely * 0.9
    steps = ("late pregnancy", f"peak of lactation with four young: {high:.0f} kcal")
    return Need(low, likely, max(high, likely), resting_kcal(weight), formula, f"{FEDIAF}; {NRC}", {"weight_kg": weight}, steps)


def _growing(profile: AnimalProfile, weight: float) -> Need:
    adult = growth.adult_weight(profile, weight)
    share = weight / adult
    inputs: dict[str, float | str] = {"weight_kg": weight, "adult_weight_kg": round(adult, 2), "share_of_adult_weight": round(share, 3)}
    if profile.species == species.DOG:
        coefficient = growth.puppy_coefficient(share)
        likely = maintenance_kcal(species.DOG, weight, coefficient)
        high = max(growth.puppy_kcal_nrc(weight, share), likely * 1.1)
        low, formula = likely * 0.85, f"{coefficient:g} · kg^0.75"
    else:
        factors = growth.kitten_factors(profile, share)
        low, likely, high = (maintenance_kcal(species.CAT, weight, 100 * factor) for factor in factors)
        formula = f"{factors[1]:g} · 100 · kg^0.67"
    steps: tuple[str, ...] = (f"growth at {share:.0%} of the adult weight",)
    if (condition.score_of(profile) or 0) >= 7:
        likely, high = likely * 0.9, likely
        steps += ("body condition 7 or more while growing: x 0.9, never weight loss",)
    return Need(min(low, likely), likely, high, resting_kcal(weight), formula, f"{FEDIAF}; {NRC}", inputs, steps)


def _losing(profile: AnimalProfile, weight: float) -> Need:
    first = condition.loss_stages(profile, weight)[0]
    target, factor = condition.target_weight(profile, weight), condition.loss_factor(profile)
    floor = resting_kcal(target) * min(condition.LOSS_FACTORS[profile.species])
    inputs: dict[str, float | str] = {"weight_kg": weight, "stage_weight_kg": first.until_kg, "target_weight_kg": round(target, 2)}
    steps = (f"body condition {profile.body_condition}: weight to reach {target:.2f} kg", f"first stage until {first.until_kg:g} kg")
    formula = f"{factor:g} · 70 · (stage kg)^0.75"
    return Need(min(floor, first.kcal), first.kcal, first.kcal * 1.1, resting_kcal(weight), formula, AAHA_WEIGHT, inputs, steps)


def _maintenance(profile: AnimalProfile, weight: float) -> Need:
    score = condition.score_of(profile)
    # A very thin animal is fed for the weight it has until a vet has found the cause; too much at once can harm it.
    reference = weight if score is None or score <= 2 else condition.target_weight(profile, weight)
    (low, likely, high), formula, edition, steps = (
        _dog_coefficient(profile) if profile.species == species.DOG else _cat_coefficient(profile)
    )
    if reference != weight:
        steps += (f"body condition {score}: reckoned for {reference:.2f} kg",)
    inputs: dict[str, float | str] = {"weight_kg": weight, "reference_weight_kg": round(reference, 2), "activity": profile.activity}
    low, likely, high = (maintenance_kcal(profile.species, reference, each) for each in (low, likely, high))
    return Need(low, likely, high, resting_kcal(weight), formula, edition, inputs, steps)


def _dog_coefficient(profile: AnimalProfile) -> tuple[tuple[float, float, float], str, str, tuple[str, ...]]:
    base = DOG_COEFFICIENTS.get(profile.activity, DOG_COEFFICIENTS["moderate"])
    steps = [f"activity {profile.activity or 'moderate'}: {base[1]:g} kcal · kg^0.75"]
    if profile.breed in BREED_COEFFICIENTS:
        base = BREED_COEFFICIENTS[profile.breed]
        steps = [f"breed {profile.breed}: {base[1]:g} kcal · kg^0.75"]
    multiplier, edition = 1.0, FEDIAF
    if (stage := _dog_stage(profile)) != 1.0:
        multiplier *= stage
        steps.append(f"age: x {stage:.3f}")
    if not profile.neutered:
        multiplier *= INTACT_DOG
        steps.append(f"not neutered: x {INTACT_DOG:.3f}")
        edition = f"{FEDIAF}; {AAHA_NUTRITION}"
    low_spread, high_spread = SIZE_SPREAD.get(profile.size_class, (1.0, 1.0))
    low, likely, high = (value * multiplier for value in base)
    return (low * low_spread, likely, high * high_spread), f"{likely:.1f} · kg^0.75", edition, tuple(steps)


def _dog_stage(profile: AnimalProfile) -> float:
    months = profile.age_months
    if months is not None:
        if months < YOUNG_ADULT_UNTIL_MONTHS:
            return YOUNG_ADULT_DOG
        return SENIOR_DOG if months >= SENIOR_FROM_MONTHS else 1.0
    return SENIOR_DOG if profile.life_stage is LifeStage.SENIOR else 1.0


def _cat_coefficient(profile: AnimalProfile) -> tuple[tuple[float, float, float], str, str, tuple[str, ...]]:
    activity = profile.activity if (True, profile.activity) in CAT_COEFFICIENTS else "moderate"
    values = CAT_COEFFICIENTS[profile.neutered, activity]
    state = "neutered" if profile.neutered else "not neutered"
    return values, f"{values[1]:g} · kg^0.67", FEDIAF, (f"{state}, activity {activity}: {values[1]:g} kcal · kg^0.67",)
