"""The health report: what weight and condition say, what the breed is prone to, and when to see a vet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.utils.translation import gettext, gettext_noop, override

from ai.lexicons import DIRECTORY, read_rows
from ai.profiles import AnimalProfile
from ai.schemas import BreedRisk, ConditionReading, HealthReport, Urgency, WeightReading

from . import condition, flags, growth, health, sources, species
from .energy import Need, energy_need
from .plans import RULES_VERSION, energy_of

#: Name and advice of each disease in ``breed_risks.csv``.
RISKS = {
    "hip-dysplasia": (
        gettext_noop("Hip dysplasia"),
        gettext_noop("Keep your pet lean, above all while it grows, and have a stiff gait looked at early."),
    ),
    "boas": (
        gettext_noop("Narrow airways of short noses"),
        gettext_noop("Avoid heat and overweight; noisy breathing at rest is a reason to see a vet."),
    ),
    "gdv": (
        gettext_noop("Stomach torsion"),
        gettext_noop("Several small meals, rest around them; a swollen belly with retching is an emergency."),
    ),
    "obesity": (gettext_noop("Overweight"), gettext_noop("Weigh portions and treats; this breed is hungrier than it needs to be.")),
    "disc-disease": (
        gettext_noop("Slipped discs"),
        gettext_noop("Keep your pet lean and avoid jumps and stairs; weak hind legs are an emergency."),
    ),
    "mitral-valve": (
        gettext_noop("Heart valve disease"),
        gettext_noop("Have the heart listened to once a year; watch for cough and quick tiring."),
    ),
    "dcm": (
        gettext_noop("Disease of the heart muscle"),
        gettext_noop("Have the heart checked once a year from middle age on; ask your vet about screening."),
    ),
    "hcm": (
        gettext_noop("Thickened heart muscle"),
        gettext_noop("Ask your vet about an ultrasound of the heart; fast breathing at rest is an emergency."),
    ),
    "pkd": (
        gettext_noop("Kidney cysts"),
        gettext_noop("Ask about the gene test and have the kidneys checked from middle age on; offer wet food and water."),
    ),
    "pancreatitis": (
        gettext_noop("High blood fats and pancreatitis"),
        gettext_noop("Leave out fatty treats and leftovers; vomiting with belly pain needs a vet."),
    ),
    "urate-stones": (
        gettext_noop("Urate stones"),
        gettext_noop("Offer much water and no liver or other offal; straining to pass urine needs a vet at once."),
    ),
    "copper": (gettext_noop("Copper in the liver"), gettext_noop("Leave out liver and ask your vet about liver values.")),
    "dental": (gettext_noop("Gum disease"), gettext_noop("Brush the teeth daily and have them checked every year.")),
    "hypoglycaemia": (
        gettext_noop("Low blood sugar in puppies"),
        gettext_noop("Feed puppies four times a day or more; weakness or trembling needs a vet at once."),
    ),
    "atopy": (gettext_noop("Itchy skin from allergies"), gettext_noop("Have lasting itching looked at; change foods only one at a time.")),
    "osteochondrodysplasia": (
        gettext_noop("Painful joints and cartilage"),
        gettext_noop("Watch for stiffness and unwillingness to jump; ask your vet about relief."),
    ),
    "diabetes": (gettext_noop("Diabetes"), gettext_noop("Keep your pet lean; much thirst and much urine need a vet.")),
    "mdr1": (
        gettext_noop("Sensitivity to some medicines"),
        gettext_noop("Ask about the gene test and tell every vet about it before any treatment."),
    ),
    "epi": (gettext_noop("Weak pancreas"), gettext_noop("Weight loss with a good appetite and pale, large droppings need a vet.")),
}


def compose_health_report(profile: AnimalProfile) -> HealthReport:
    """Weight, condition, energy, breed risks and red flags, in the profile's language. Never raises for a sane profile."""
    with override(profile.language):
        need = energy_need(profile)
        weight, shape = _weight(profile), _condition(profile)
        risks = _risks(profile)
        found = flags.red_flags(profile)
        cited = [
            need.edition.split("; ") if need else [],
            [risk.source for risk in risks],
            [flag.source for flag in found],
            [sources.WSAVA],
        ]
        return HealthReport(
            summary=" ".join(text for text in (_urgent(found), weight.note, shape.note, _energy_note(need)) if text),
            suggestions=_suggestions(profile, risks),
            weight=weight,
            condition=shape,
            energy=energy_of(need) if need else None,
            breed_risks=risks,
            red_flags=found,
            sources=list(dict.fromkeys(source for group in cited for source in group)),
            rules_version=RULES_VERSION,
        )


def _urgent(found: list[flags.RedFlag]) -> str:
    urgent = [flag for flag in found if flag.urgency is Urgency.NOW]
    return " ".join(f"{flag.title}: {flag.advice}" for flag in urgent)


def _weight(profile: AnimalProfile) -> WeightReading:
    weight, low, high = profile.weighs, profile.adult_weight_min_kg, profile.adult_weight_max_kg
    values = {"weight": f"{weight:g}" if weight else "", "low": f"{low:g}" if low else "", "high": f"{high:g}" if high else ""}
    if weight is None:
        return WeightReading(weight_kg=None, low_kg=low, high_kg=high, reading="unknown", note=gettext("The weight is not known."))
    if species.is_computed(profile) and growth.is_growing(profile):
        note = gettext("%(weight)s kg, and still growing: weigh every week and compare with a growth chart.") % values
        return WeightReading(weight_kg=weight, low_kg=low, high_kg=high, reading="growing", note=note)
    if not low or not high:
        note = gettext("%(weight)s kg. We know no range for this breed; the body condition says more.") % values
        return WeightReading(weight_kg=weight, low_kg=None, high_kg=None, reading="unknown", note=note)
    if weight < low:
        note = gettext("%(weight)s kg is below what adults of this breed weigh (%(low)s to %(high)s kg).") % values
        return WeightReading(weight_kg=weight, low_kg=low, high_kg=high, reading="below", note=note)
    if weight > high:
        note = gettext("%(weight)s kg is above what adults of this breed weigh (%(low)s to %(high)s kg).") % values
        return WeightReading(weight_kg=weight, low_kg=low, high_kg=high, reading="above", note=note)
    note = gettext("%(weight)s kg is within what adults of this breed weigh (%(low)s to %(high)s kg).") % values
    return WeightReading(weight_kg=weight, low_kg=low, high_kg=high, reading="within", note=note)


def _condition(profile: AnimalProfile) -> ConditionReading:
    score, weight = condition.score_of(profile), profile.weighs
    if score is None:
        note = gettext("The body condition is not known: feel the ribs and look at the waist from above.")
        return ConditionReading(score=None, reading="unknown", target_kg=None, note=note)
    reading = _reading_of(profile, score)
    grown = species.is_computed(profile) and not growth.is_growing(profile)
    target = round(condition.target_weight(profile, weight), 2) if weight and grown and reading != "ideal" else None
    notes = {
        "very_thin": gettext("Body condition %(score)d of 9: far too thin."),
        "thin": gettext("Body condition %(score)d of 9: somewhat thin."),
        "ideal": gettext("Body condition %(score)d of 9: as it should be."),
        "heavy": gettext("Body condition %(score)d of 9: somewhat too heavy."),
        "obese": gettext("Body condition %(score)d of 9: far too heavy."),
    }
    note = notes[reading] % {"score": score}
    if target:
        note += " " + gettext("The weight to aim for is about %(target)s kg.") % {"target": f"{target:g}"}
    return ConditionReading(score=score, reading=reading, target_kg=target, note=note)  # type: ignore[arg-type]


def _reading_of(profile: AnimalProfile, score: int) -> str:
    if condition.is_ideal(profile):
        return "ideal"
    if score < condition.IDEAL_SCORE:
        return "very_thin" if score <= 2 else "thin"
    return "heavy" if score <= 7 else "obese"


def _energy_note(need: Need | None) -> str:
    if need is None:
        return ""
    values = {"likely": round(need.likely), "low": round(need.low), "high": round(need.high)}
    return gettext("Your pet needs about %(likely)d kcal a day (between %(low)d and %(high)d).") % values


def _risks(profile: AnimalProfile) -> list[BreedRisk]:
    found = []
    for code, source in _risks_by_breed().get(profile.breed, ()):
        name, advice = RISKS[code]
        found.append(BreedRisk(code=code, name=gettext(name), advice=gettext(advice), source=source))
    return found


def _suggestions(profile: AnimalProfile, risks: list[BreedRisk]) -> list[str]:
    notes = [gettext(rule.note) for rule in health.rules_of(profile)]
    if species.is_computed(profile) and condition.loses_weight(profile):
        notes.append(gettext("Lose weight slowly and in stages; a meal plan gives the amounts."))
    if profile.neutered and profile.species in species.COMPUTED:
        notes.append(gettext("Neutered pets need less food than before: weigh them every two weeks."))
    notes += [f"{risk.name}: {risk.advice}" for risk in risks]
    notes.append(gettext("Have your pet checked by a vet at least once a year, twice a year from the senior age on."))
    return list(dict.fromkeys(notes))


@cache
def _risks_by_breed() -> Mapping[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in read_rows(DIRECTORY / "breed_risks.csv"):
        found.setdefault(row["breed"], []).append((row["risk"], row["source"]))
    return found
