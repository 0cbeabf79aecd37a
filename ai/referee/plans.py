"""Judging a meal plan: limits, markup, sums, schedule, allergens, toxic foods, advice, claims."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from django.utils.translation import override
from pydantic import ValidationError

from ai.nutrition.allergies import allergens_of, allergy_keys, forbidden
from ai.nutrition.energy import Need, energy_need
from ai.nutrition.health import is_left_out
from ai.nutrition.ingredients import Group, Ingredient, Pantry, plain
from ai.nutrition.nutrients import TREATS_SHARE, Portion, Ranges, add_up, is_within, ranges_of
from ai.nutrition.plans import basis_of, compose_meal_plan, safety_notes
from ai.nutrition.species import CAT
from ai.profiles import AnimalProfile
from ai.schemas import Claim, Feeding, MealOption, MealPlan, Outcome, ProposedMealPlan, Section

from . import limits
from .advice import allergens_named, claims_completeness, unsafe_words
from .mentions import Text
from .sanitise import CannotClean, plain_text
from .sums import is_time, portion_of, shares_of
from .verdicts import Finding, Verdict, refused

ENERGY_TOLERANCE = 0.05
RANGE_SLACK = 1.0
SCHEDULE_TOLERANCE = 2.0
LEAST_ANIMAL_SHARE_OF_CATS = 0.5


def review_raw_meal_plan(raw: str | bytes, profile: AnimalProfile, pantry: Pantry) -> Verdict:
    """Judges what a model sent: too long, not JSON or not the structure is a finding, never an exception."""
    if len(raw) > limits.RAW_BYTES:
        return refused([Finding("too_long", "", f"{len(raw)} bytes; at most {limits.RAW_BYTES}")])
    try:
        proposed = ProposedMealPlan.model_validate_json(raw)
    except (ValidationError, ValueError, RecursionError) as exc:
        return refused([Finding("malformed", "", type(exc).__name__)])
    return review_meal_plan(proposed, profile, pantry)


def review_meal_plan(plan: ProposedMealPlan, profile: AnimalProfile, pantry: Pantry) -> Verdict:
    """Re-sums and checks a plan from any source. The cleaned plan has the engine's energy, targets, basis and safety notes."""
    if found := list(_too_long(plan)):
        return refused(found)
    try:
        cleaned = _cleaned(plan)
    except CannotClean:
        return refused([Finding("markup", "", "markup that cannot be removed")])
    own = compose_meal_plan(profile, pantry)
    if own.basis.outcome is not Outcome.PLAN:
        return _review_without_numbers(cleaned, own)
    need = energy_need(profile)
    if need is None:
        return refused([Finding("energy", "der_kcal", "no energy can be computed for this animal")])
    return _review(cleaned, profile, pantry, need, own)


def _review_without_numbers(plan: ProposedMealPlan, own: MealPlan) -> Verdict:
    """Where the engine gives no amounts, nobody may: only its own answer passes."""
    if ProposedMealPlan(**own.model_dump(exclude={"basis"})) == plan:
        return Verdict(True, plan=own)
    return refused([Finding("outcome", "", f"the engine answers {own.basis.outcome.value}, without meals in grams")])


def _review(plan: ProposedMealPlan, profile: AnimalProfile, pantry: Pantry, need: Need, own: MealPlan) -> Verdict:
    options, findings = _portions(plan, pantry)
    findings += _numbers(plan, options, profile, pantry, need)
    findings += _schedule(plan)
    texts = list(_texts(plan))
    findings += unsafe_words(texts, profile)
    findings += allergens_named(texts, profile, pantry, _prose_words(own))
    if findings:
        return refused(dict.fromkeys(findings))
    basis = basis_of(profile, need, options)
    for at, (option, fact) in enumerate(zip(plan.options, basis.options, strict=True)):
        if fact.claim is not Claim.COMPLETE and claims_completeness(f"{option.name}. {option.overview}"):
            findings.append(Finding("claim", f"options.{at}", "called balanced or complete without passing the nutrient check"))
    if basis.claim is not Claim.COMPLETE and any(claims_completeness(note) for note in plan.safety_notes):
        findings.append(Finding("claim", "safety_notes", "called balanced or complete without passing the nutrient check"))
    if findings:
        return refused(findings)
    with override(profile.language):
        notes = list(dict.fromkeys([*plan.safety_notes, *safety_notes(profile, pantry, basis.options)]))
    return Verdict(
        True,
        plan=MealPlan(
            der_kcal=round(need.likely),
            nutrient_targets=ranges_of(profile).texts(),
            options=plan.options,
            feeding_schedule=plan.feeding_schedule,
            safety_notes=notes,
            basis=basis,
        ),
    )


def _too_long(plan: ProposedMealPlan) -> Iterator[Finding]:
    counts: list[tuple[str, Sequence[object], int]] = [
        ("options", plan.options, limits.OPTIONS),
        ("feeding_schedule", plan.feeding_schedule, limits.MEALS),
        ("safety_notes", plan.safety_notes, limits.NOTES),
    ]
    counts += [(f"options.{at}.sections", option.sections, limits.SECTIONS) for at, option in enumerate(plan.options[: limits.OPTIONS])]
    counts += [
        (f"options.{at}.sections.items", section.items, limits.ITEMS)
        for at, option in enumerate(plan.options[: limits.OPTIONS])
        for section in option.sections[: limits.SECTIONS]
    ]
    for where, values, most in counts:
        if len(values) > most:
            yield Finding("too_long", where, f"{len(values)} entries; at most {most}")
    lengths: list[tuple[str, str, int]] = [("safety_notes", note, limits.TEXT) for note in plan.safety_notes]
    lengths += [("nutrient_targets", text, limits.NAME) for text in plan.nutrient_targets.model_dump().values()]
    for at, option in enumerate(plan.options):
        lengths += [(f"options.{at}.name", option.name, limits.NAME), (f"options.{at}.overview", option.overview, limits.TEXT)]
        for section in option.sections:
            lengths += [(f"options.{at}.sections", section.title, limits.NAME)]
            lengths += [(f"options.{at}.sections.items", item, limits.ITEM) for item in section.items]
    for feeding in plan.feeding_schedule:
        lengths += [("feeding_schedule", feeding.time, limits.NAME), ("feeding_schedule", feeding.note, limits.TEXT)]
    for where, text, most in lengths:
        if len(text) > most:
            yield Finding("too_long", where, f"{len(text)} letters; at most {most}")


def _cleaned(plan: ProposedMealPlan) -> ProposedMealPlan:
    return ProposedMealPlan(
        der_kcal=plan.der_kcal,
        nutrient_targets=plan.nutrient_targets,
        options=[
            MealOption(
                name=plain_text(option.name),
                overview=plain_text(option.overview),
                sections=[
                    Section(title=plain_text(section.title), items=[plain_text(item) for item in section.items])
                    for section in option.sections
                ],
            )
            for option in plan.options
        ],
        feeding_schedule=[Feeding(time=plain_text(each.time), note=plain_text(each.note)) for each in plan.feeding_schedule],
        safety_notes=[cleaned for note in plan.safety_notes if (cleaned := plain_text(note))],
    )


def _portions(plan: ProposedMealPlan, pantry: Pantry) -> tuple[list[list[Portion]], list[Finding]]:
    options: list[list[Portion]] = []
    findings = []
    for at, option in enumerate(plan.options):
        portions = []
        for section in option.sections:
            for item in section.items:
                portion = portion_of(item, pantry)
                if portion is None:
                    findings.append(Finding("unknown_item", f"options.{at}", f"{item[:80]!r} is not grams of an ingredient of the table"))
                else:
                    portions.append(portion)
        options.append(portions)
    return options, findings


def _numbers(plan: ProposedMealPlan, options: list[list[Portion]], profile: AnimalProfile, pantry: Pantry, need: Need) -> Iterator[Finding]:
    if len(options) < 1:
        yield Finding("structure", "options", "there is no option")
    if not _is_close(plan.der_kcal, need.likely):
        yield Finding("energy", "der_kcal", f"{plan.der_kcal} kcal; the engine computed {need.likely:.0f}")
    keys, out, ranges = allergy_keys(profile), forbidden(profile, pantry), ranges_of(profile)
    for at, portions in enumerate(options):
        where = f"options.{at}"
        yield from _sums(where, portions, need.likely, ranges)
        if profile.species == CAT and portions and _animal_share(portions) < LEAST_ANIMAL_SHARE_OF_CATS:
            yield Finding("vegan_cat", where, "cats need most of their energy from animals")
        for ingredient, _grams in portions:
            yield from _ingredient(where, ingredient, profile, keys, out, pantry)


def _sums(where: str, portions: list[Portion], kcal: float, ranges: Ranges) -> Iterator[Finding]:
    total = add_up(portions)
    if not _is_close(total.kcal, kcal):
        yield Finding("energy", where, f"adds up to {total.kcal:.0f} kcal instead of {kcal:.0f}")
    elif not is_within(total, ranges, RANGE_SLACK):
        percent = ", ".join(f"{value:.0f}" for value in total.percent)
        yield Finding("nutrients", where, f"protein, fat and carbohydrate are {percent} % of dry matter, outside the targets")
    if total.treats_share > TREATS_SHARE + 0.001:
        yield Finding("treats", where, f"treats are {total.treats_share:.0%} of the energy; at most a tenth")


def _ingredient(
    where: str, ingredient: Ingredient, profile: AnimalProfile, keys: frozenset[str], out: frozenset[str], pantry: Pantry
) -> Iterator[Finding]:
    if ingredient.key in out:
        held = ", ".join(sorted(allergens_of(ingredient, keys, pantry))) or "what the owner typed"
        yield Finding("allergen", where, f"{ingredient.name('en')} holds {held}")
    if profile.species not in ingredient.species:
        yield Finding("species", where, f"{ingredient.name('en')} is not for a {profile.species}")
    if is_left_out(ingredient, profile):
        yield Finding("health", where, f"{ingredient.name('en')} does not suit the animal's illness")


def _animal_share(portions: list[Portion]) -> float:
    total = sum(grams * ingredient.kcal for ingredient, grams in portions)
    animal = sum(grams * each.kcal for each, grams in portions if each.is_animal or each.group is Group.TREAT)
    return animal / total if total else 0.0


def _schedule(plan: ProposedMealPlan) -> Iterator[Finding]:
    if not plan.feeding_schedule:
        yield Finding("schedule", "feeding_schedule", "there is no meal")
        return
    for feeding in plan.feeding_schedule:
        if not is_time(feeding.time):
            yield Finding("schedule", "feeding_schedule", f"{feeding.time[:40]!r} is not a time")
    total = shares_of(plan.feeding_schedule)
    if total is None or abs(total - 100) > SCHEDULE_TOLERANCE:
        yield Finding("schedule", "feeding_schedule", "the shares of the meals do not add up to 100 %")


def _texts(plan: ProposedMealPlan) -> Iterator[Text]:
    for at, option in enumerate(plan.options):
        where = f"options.{at}"
        yield Text(where, f"{option.name}. {option.overview}", strict=True)
        for section in option.sections:
            yield Text(where, section.title, strict=True)
            yield from (Text(where, item, strict=True) for item in section.items)
    for feeding in plan.feeding_schedule:
        yield Text("feeding_schedule", f"{feeding.time}. {feeding.note}", strict=True)
    yield from (Text("safety_notes", note) for note in plan.safety_notes)


def _prose_words(plan: MealPlan) -> frozenset[str]:
    prose = [
        *plan.safety_notes,
        *(f"{option.name} {option.overview}" for option in plan.options),
        *(each.note for each in plan.feeding_schedule),
    ]
    return frozenset(word for text in prose for word in plain(text).split())


def _is_close(value: float, wanted: float) -> bool:
    return math.isfinite(value) and value > 0 and abs(value - wanted) <= ENERGY_TOLERANCE * wanted
