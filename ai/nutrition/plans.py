"""From a profile to a meal plan in the documented structure, or to the reason why there is none."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop, override

from ai.profiles import AnimalProfile
from ai.schemas import (
    Basis,
    Claim,
    Energy,
    Feeding,
    MealOption,
    MealPlan,
    NutrientTargets,
    OptionFacts,
    Outcome,
    RedFlag,
    Section,
    Urgency,
    WeightLoss,
    WeightStage,
)

from . import allergies, condition, flags, growth, guidance, health, sources, species
from .energy import Need, energy_need
from .ingredients import Group, Ingredient, Pantry
from .nutrients import Portion, add_up, is_complete, ranges_of
from .options import Kind, Option, options_for

RULES_VERSION = "2026.11"
NOT_COMPUTED = NutrientTargets(protein_percent="-", fat_percent="-", carbs_percent="-")
#: Hours of the meals (24-hour clock) by their number a day.
MEAL_TIMES = {2: ((8, 0), (18, 0)), 3: ((7, 30), (13, 0), (19, 0)), 4: ((7, 0), (12, 0), (17, 0), (21, 30))}
MILK_TIMES = tuple((hour, 0) for hour in range(0, 24, 4))
#: Name and overview of each kind of option.
WORDING = {
    Kind.DRY: (gettext_noop("Dry food"), gettext_noop("A dry food for every meal of the day.")),
    Kind.WET: (gettext_noop("Wet food"), gettext_noop("A wet food for every meal of the day; it brings much water with it.")),
    Kind.DRY_AND_WET: (gettext_noop("Dry and wet food"), gettext_noop("Half of the energy from dry food, half from wet food.")),
    Kind.OTHER: (gettext_noop("Soft or air-dried food"), gettext_noop("A prepared food with a texture between dry and wet.")),
    Kind.VETERINARY: (
        gettext_noop("Veterinary diet"),
        gettext_noop("A diet made for this illness. Buy it only when your vet has chosen it for your pet."),
    ),
    Kind.MILK: (gettext_noop("Milk replacer"), gettext_noop("Warm milk replacer, for young that their mother cannot nurse.")),
    Kind.HOME_COOKED: (
        gettext_noop("Home-cooked meal"),
        gettext_noop("Cook everything through without salt or spices, weigh it cooked, and mix it."),
    ),
}
CLAIMS = {
    Claim.COMPLETE: gettext_noop("A complete food: it meets the nutrient check for this stage of life."),
    Claim.COMPLEMENTARY: gettext_noop("Complementary: ask your vet before you feed it for long."),
}
SECTIONS = {
    Group.MEAT: gettext_noop("Protein source"),
    Group.FISH: gettext_noop("Protein source"),
    Group.STARCH: gettext_noop("Carbohydrates"),
    Group.VEGETABLE: gettext_noop("Vegetables"),
    Group.FAT: gettext_noop("Fat"),
    Group.COMPLETE_FOOD: gettext_noop("Food"),
    Group.TREAT: gettext_noop("Treats"),
}
DECIMAL_COMMA = frozenset({"fi", "nl", "tr"})


def compose_meal_plan(profile: AnimalProfile, pantry: Pantry) -> MealPlan:
    """A plan for the animal, or the reason why there is none (``basis.outcome``), in the profile's language.

    The same inputs give the same plan; the numbers do not depend on the language.
    """
    with override(profile.language):
        found = flags.red_flags(profile)
        if any(flag.urgency is Urgency.NOW for flag in found):
            return _see_a_vet(found)
        need = energy_need(profile)
        if need is None:
            return _without_numbers(profile, found, guidance.for_species(profile))
        options = options_for(profile, pantry, round(need.likely))
        if not options:
            return _without_numbers(profile, found, guidance.nothing_left())
        return _plan(profile, pantry, need, options, found)


def waits_for_weight(profile: AnimalProfile) -> str:
    """Why no plan can be made before the owner enters a weight, in the active language; empty when one can, or when a vet comes first."""
    if not species.is_computed(profile) or species.has_possible_weight(profile):
        return ""
    if any(flag.urgency is Urgency.NOW for flag in flags.red_flags(profile)):
        return ""
    return guidance.for_species(profile).reason


def basis_of(profile: AnimalProfile, need: Need, options: list[list[Portion]]) -> Basis:
    """The engine's part of a plan with these portions, whoever proposed them."""
    facts = [_facts(portions, is_complete(portions, profile)) for portions in options]
    claim = Claim.COMPLETE if all(fact.claim is Claim.COMPLETE for fact in facts) else Claim.COMPLEMENTARY
    cited = [sources.NRC, need.edition, sources.FEDIAF, sources.AAFCO]
    return Basis(
        outcome=Outcome.PLAN,
        claim=claim,
        reason="",
        energy=energy_of(need),
        options=facts,
        weight_loss=_weight_loss(profile),
        red_flags=flags.red_flags(profile),
        sources=list(dict.fromkeys(part for each in cited for part in each.split("; "))),
        rules_version=RULES_VERSION,
    )


def energy_of(need: Need) -> Energy:
    """The need as it is stored, in whole kilocalories."""
    return Energy(
        low=round(need.low),
        likely=round(need.likely),
        high=round(need.high),
        resting=round(need.resting),
        formula=need.formula,
        edition=need.edition,
        factor=round(need.factor, 3),
        inputs=need.inputs,
        steps=list(need.steps),
    )


def item_text(ingredient: Ingredient, grams: float, language: str) -> str:
    """``200g cooked lean beef``, as documented, with the decimal sign of the language."""
    amount = f"{grams:.1f}".removesuffix(".0")
    if language in DECIMAL_COMMA:
        amount = amount.replace(".", ",")
    return f"{amount}g {ingredient.name(language)}"


def safety_notes(profile: AnimalProfile, pantry: Pantry, facts: list[OptionFacts]) -> list[str]:
    """What must be said with every plan for this animal, whoever worded it."""
    notes = [*_allergy_notes(profile, pantry), *dict.fromkeys(gettext(rule.note) for rule in health.rules_of(profile))]
    if any(fact.claim is Claim.COMPLEMENTARY for fact in facts):
        notes.append(
            gettext("Options marked as complementary do not cover every vitamin and mineral: ask your vet before you feed them for long.")
        )
    if "raw-food" in profile.food_types:
        notes.append(gettext("Never feed raw meat: its germs endanger people and animals. All amounts are for cooked ingredients."))
    notes += species_notes(profile)
    if any(fact.treats_percent > 0 for fact in facts):
        notes.append(gettext("Treats are part of the day's amount and never more than a tenth of it."))
    notes.append(gettext("Products differ: compare the energy on the label with the amount given here and check its list of ingredients."))
    notes.append(gettext("Change the food step by step within a week, always offer fresh water, and weigh your pet every two weeks."))
    return notes


def schedule(profile: AnimalProfile) -> list[Feeding]:
    """The meals of the day; their shares add up to 100 percent."""
    times = MILK_TIMES if growth.is_unweaned(profile) else MEAL_TIMES[meals_a_day(profile)]
    share, rest = divmod(100, len(times))
    shares = [share + (at < rest) for at in range(len(times))]
    return [
        Feeding(time=_clock(hour, minute, profile.language), note=_share_note(hour, part))
        for (hour, minute), part in zip(times, shares, strict=True)
    ]


def _share_note(hour: int, percent: int) -> str:
    return gettext("%(meal)s - %(share)d%% of daily calories") % {"meal": _meal_name(hour), "share": percent}


def meals_a_day(profile: AnimalProfile) -> int:
    """Two for grown dogs; more for cats, small and giant dogs, the young and the ill; never more than four."""
    least = 3 if profile.species == species.CAT or profile.size_class in {"toy", "giant"} else 2
    if growth.is_growing(profile):
        months = profile.age_months if profile.age_months is not None else 4.0
        least = max(least, 4 if months < 4 else 3)
    least = max([least, *(rule.least_meals for rule in health.rules_of(profile))])
    if "diabetes-mellitus" in profile.health_issues:
        least = 2
    return min(least, 4)


def _plan(profile: AnimalProfile, pantry: Pantry, need: Need, options: list[Option], found: list[RedFlag]) -> MealPlan:
    basis = basis_of(profile, need, [list(option.portions) for option in options])
    texts = [_option(option, fact, profile.language) for option, fact in zip(options, basis.options, strict=True)]
    soon = [f"{flag.title}: {flag.advice}" for flag in found]
    loss = basis.weight_loss.stop if basis.weight_loss else []
    return MealPlan(
        der_kcal=round(need.likely),
        nutrient_targets=ranges_of(profile).texts(),
        options=texts,
        feeding_schedule=schedule(profile),
        safety_notes=[*soon, *safety_notes(profile, pantry, basis.options), *loss],
        basis=basis,
    )


def _see_a_vet(found: list[RedFlag]) -> MealPlan:
    notes = [f"{flag.title}: {flag.advice}" for flag in found]
    reason = gettext("These signs need a vet at once. A meal plan has to wait.")
    return _empty(Outcome.SEE_A_VET, reason, notes, [], found)


def _without_numbers(profile: AnimalProfile, found: list[RedFlag], advice: guidance.Guidance) -> MealPlan:
    notes = [advice.reason, *(f"{flag.title}: {flag.advice}" for flag in found), *advice.notes]
    return _empty(Outcome.GUIDANCE, advice.reason, notes, advice.options, found)


def _empty(outcome: Outcome, reason: str, notes: list[str], options: list[MealOption], found: list[RedFlag]) -> MealPlan:
    basis = Basis(
        outcome=outcome,
        claim=Claim.COMPLEMENTARY,
        reason=reason,
        energy=None,
        options=[],
        weight_loss=None,
        red_flags=found,
        sources=list(dict.fromkeys(flag.source for flag in found)),
        rules_version=RULES_VERSION,
    )
    return MealPlan(der_kcal=0, nutrient_targets=NOT_COMPUTED, options=options, feeding_schedule=[], safety_notes=notes, basis=basis)


def _facts(portions: list[Portion], complete: bool) -> OptionFacts:
    total = add_up(portions)
    protein, fat, carbs = (round(value, 1) for value in total.percent)
    return OptionFacts(
        kcal=round(total.kcal),
        protein_percent=protein,
        fat_percent=fat,
        carbs_percent=carbs,
        treats_percent=round(100 * total.treats_share, 1),
        claim=Claim.COMPLETE if complete else Claim.COMPLEMENTARY,
    )


def _weight_loss(profile: AnimalProfile) -> WeightLoss | None:
    weight = profile.weighs
    if weight is None or not condition.loses_weight(profile) or growth.is_unweaned(profile):
        return None
    stages = [
        WeightStage(until_kg=stage.until_kg, kcal=round(stage.kcal), weeks_low=stage.weeks_low, weeks_high=stage.weeks_high)
        for stage in condition.loss_stages(profile, weight)
    ]
    return WeightLoss(target_kg=round(condition.target_weight(profile, weight), 2), stages=stages, stop=_stop_rules(profile))


def _stop_rules(profile: AnimalProfile) -> list[str]:
    rules = [
        gettext("Weigh every two weeks. If more than the given share is lost in a week (%(percent)s%%), give a tenth more food.")
        % {"percent": "1" if profile.species == species.CAT else "2"},
        gettext("At the end of each stage ask for a new plan: the amount changes with the weight."),
        gettext("Stop and ask your vet at vomiting, diarrhoea, weakness, or if nothing has been lost after four weeks."),
    ]
    if profile.species == species.CAT:
        rules.append(gettext("A cat that eats nothing for 24 hours must see a vet: its liver is in danger."))
    return rules


def _option(option: Option, fact: OptionFacts, language: str) -> MealOption:
    name, overview = WORDING[option.kind]
    return MealOption(
        name=gettext(name),
        overview=f"{gettext(overview)} {gettext(CLAIMS[fact.claim])}",
        sections=_sections(option, language),
    )


def _sections(option: Option, language: str) -> list[Section]:
    sections: dict[str, list[str]] = {}
    for ingredient, grams in option.portions:
        sections.setdefault(SECTIONS[ingredient.group], []).append(item_text(ingredient, grams, language))
    return [Section(title=gettext(title), items=items) for title, items in sections.items()]


def _allergy_notes(profile: AnimalProfile, pantry: Pantry) -> list[str]:
    keys = sorted(allergies.allergy_keys(profile))
    notes = []
    if keys:
        names = ", ".join(allergies.allergen_name(key, pantry, profile.language) for key in keys)
        notes.append(
            gettext("Avoid because of the allergy: %(allergens)s. Read labels, it also hides in derived ingredients.")
            % {"allergens": names}
        )
    if "chicken" in keys:
        notes.append(gettext("Avoid chicken fat, chicken meal and broth as well: they come from chicken and may hold its protein."))
    if profile.other_allergies.strip():
        notes.append(
            gettext("What you wrote under other allergies was left out as far as it names foods; check every label for it yourself.")
        )
    return notes


def species_notes(profile: AnimalProfile) -> list[str]:
    """What an animal of this kind must never get, in the active language."""
    if profile.species == species.CAT:
        return [
            gettext(
                "Never give onion, garlic, leek, chocolate, grapes, raisins, alcohol or cooked bones, and keep lilies out of your home."
            ),
            gettext("A cat that eats nothing for 24 hours must see a vet: its liver is in danger."),
        ]
    return [
        gettext("Never give grapes, raisins, onion, garlic, chocolate, xylitol (birch sugar), macadamia nuts, alcohol or cooked bones."),
    ]


def _clock(hour: int, minute: int, language: str) -> str:
    """``8:00 AM`` in English, ``8:00`` on the 24-hour clock elsewhere."""
    if language != "en":
        return f"{hour:02d}:{minute:02d}"
    return f"{hour % 12 or 12}:{minute:02d} {'AM' if hour < 12 else 'PM'}"


def _meal_name(hour: int) -> str:
    if hour < 5:
        return gettext("Night meal")
    if hour < 11:
        return gettext("Morning meal")
    if hour < 15:
        return gettext("Midday meal")
    return gettext("Afternoon meal") if hour < 18 else gettext("Evening meal")
