"""What can be answered without a language model: whether a food is safe, how much energy, what to feed, how the weight is.

Pure: a question and what is known of the animals go in, an answer comes out. All numbers and judgements are the engine's and the referee's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ai import nutrition, referee
from ai.lexicons import ADVICE, MEDICINE, PAINKILLERS, TOXIC, allergen_lexicon, allergens, hazards
from ai.nutrition import Pantry
from ai.nutrition.ingredients import Ingredient
from ai.profiles import AnimalProfile
from ai.schemas import Outcome, RedFlag
from ai.words import Lexicon, fold

USUAL = ("dog", "cat")
VOMITING = "induced-vomiting"
#: What is said to whoever asks for advice that must not be given, by the key of that advice.
INSTEAD = {
    VOMITING: gettext_noop(
        "Never make an animal vomit yourself. Salt can kill it, and what comes up can burn its gullet or get into its lungs. "
        "Call a vet or an animal poison line now: say what was swallowed, how much and when, and what the animal weighs."
    ),
    "vegan-cat": gettext_noop(
        "Cats and ferrets cannot live on plants: they need taurine, arachidonic acid and vitamin A, which come from animals. "
        "Without taurine they go blind and their heart fails. Choose a complete food with meat or fish that is made for them."
    ),
    "raw": gettext_noop(
        "Never feed raw meat, fish or eggs: their germs endanger the animal and the people around it. "
        "Cook everything through, without salt and spices."
    ),
    "fasting": gettext_noop(
        "Never let an animal go hungry to lose weight or to get well: weighed meals, a little smaller, are safer. "
        "A cat that eats nothing for 24 hours must see a vet: its liver is in danger."
    ),
    "home-remedy": gettext_noop("Much that helps people is poisonous to animals. Ask your vet what helps, and give nothing before."),
    "no-vet": gettext_noop("I cannot replace your vet. Ask there before you put off a visit or change a treatment."),
}


class Topic(StrEnum):
    """What a question is about, as far as words tell."""

    SAFETY = "safety"
    ENERGY = "energy"
    WEIGHT = "weight"
    FEEDING = "feeding"
    OTHER = "other"


#: Beginnings of words by which a topic is recognised, in the four languages; the first topic that fits counts.
SIGNS = {
    Topic.WEIGHT: re.compile(
        r"(?<!\w)(?:weigh|overweight|underweight|too fat|too thin|paino|ylipaino|lihav|laiha|gewicht|te dik|te dun|kilo|zayıf|şişman)"
    ),
    Topic.ENERGY: re.compile(r"(?<!\w)(?:kcal|calor|energ|kalor|rer(?!\w)|how much|kuinka paljon|paljonko|hoeveel|ne kadar)"),
    Topic.SAFETY: re.compile(
        r"(?<!\w)(?:toxic|poison|dangerous|safe|allowed|can my|may my|can i give|may i give|eat|myrkyl|vaaralli|turvalli|voin?ko|saan?ko"
        r"|syö|giftig|gevaarlijk|veilig|mag |kan ik|eten|zehir|tehlike|güvenli|yiyebilir|verebilir|yemeli)"
    ),
    Topic.FEEDING: re.compile(r"(?<!\w)(?:feed|food|meal|diet|ruok|syöttä|ateri|voer|voeding|maaltijd|besle|mama|yemek|öğün)"),
}
ASKS_WHAT = re.compile(
    r"\A\s*(?:what|which|mit[äk]|wat|welke?)(?!\w)|(?<!\w)(?:ne|neler|hangi)\s+(?:\w+\s+)?(?:ye|yi|ver|mama|besl|zehir|tehlike)"
)
#: Animals that a question itself may be about, whichever pet the conversation is about; looked for in the folded question.
NAMED = {
    "dog": Lexicon(
        (
            *("dog", "dogs", "doggy", "doggie", "doggies", "doggo", "pup", "pups", "puppy", "puppies", "canine*"),
            *("koira*", "koiri*", "hauva*", "hauvel*", "hond", "honden*", "hondje*", "kopek*", "kopeg*"),
        )
    ),
    "cat": Lexicon(
        (
            *("cat", "cats", "kitty", "kitties", "kitten", "kittens", "feline*", "tomcat*", "kissa*", "kissoj*", "kissoi*", "kissi*"),
            *("kisu*", "kat", "kats", "katten*", "katje*", "kater", "poes", "poezen*", "poesje*", "kedi*"),
        )
    ),
}
POISONOUS = re.compile(r"(?<!\w)(?:toxic|poison|dangerous|not safe|never|not allowed|myrkyl|vaaralli|giftig|gevaarlijk|zehir|tehlike)")
RESTING = re.compile(r"(?<!\w)(?:rer(?!\w)|resting|lepoenerg|rustenerg|rustbehoefte|dinlenme)")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What to say, and whether a vet must see the animal now."""

    text: str
    is_urgent: bool = False


def answer(
    question: str,
    animals: Sequence[AnimalProfile],
    pantry: Pantry,
    *,
    about: AnimalProfile | None,
    language: str,
    has_picture: bool = False,
) -> Answer:
    """The engine's answer. ``about`` is the animal in question where that is known; dangers are looked for in all ``animals``,
    and always for the species that the question names: the more severe answer is given.

    Who has entered no pet yet is still told of dangers, as for a dog and a cat.
    """
    everyone = [about] if about else list(animals) or [AnimalProfile(species=name, weight_kg=None, language=language) for name in USUAL]
    everyone += named_besides(question, everyone)
    flags, asked_for = _flags(question, everyone), _bad_advice(question, everyone)
    if flags or VOMITING in asked_for:
        is_urgent = VOMITING in asked_for or flags[0].urgency == "now"
        return Answer(text="\n".join([*_urgent_lines(flags), *_instead(asked_for)]), is_urgent=is_urgent)
    if lines := [*_dangers(question, everyone), *_instead(asked_for)]:
        return Answer(text="\n".join(lines))
    if about is None and not animals:
        return Answer(text=_("Add your pet first, and I can tell you what it needs."))
    if about is None:
        return Answer(text=_("Which of your pets do you mean? Open the chat from that pet, or name it in your question."))
    topic = topic_of(question)
    if topic == Topic.SAFETY or (topic == Topic.OTHER and _mentioned(question, pantry)):
        return Answer(text=_safety_text(question, about, pantry))
    if topic == Topic.ENERGY:
        return Answer(text=_energy_text(question, about, pantry))
    if topic == Topic.WEIGHT:
        return Answer(text=_weight_text(about))
    if topic == Topic.FEEDING:
        return Answer(text=_feeding_text(about, pantry))
    return Answer(text=_what_i_know(has_picture))


def topic_of(question: str) -> Topic:
    """The first topic of which the question has a sign."""
    text = question.casefold()
    return next((topic for topic, signs in SIGNS.items() if signs.search(text)), Topic.OTHER)


def named_besides(question: str, animals: Sequence[AnimalProfile]) -> list[AnimalProfile]:
    """Animals of the species that the question names and that are not among ``animals``: nothing else is known of them."""
    folded, known = fold(question), {animal.species for animal in animals}
    return [
        AnimalProfile(species=name, weight_kg=None, language=animals[0].language)
        for name, words in NAMED.items()
        if name not in known and words.hits(folded)
    ]


def _flags(question: str, animals: Sequence[AnimalProfile]) -> list[RedFlag]:
    """What the question itself raises; what a profile says all along must not drown every other answer."""
    bare = {animal.species: AnimalProfile(species=animal.species, weight_kg=None, language=animal.language) for animal in animals}
    found = [flag for animal in bare.values() for flag in nutrition.red_flags(animal, question)]
    # Where two species are asked, what is urgent for one of them is not taken back by the other.
    by_title = {flag.title: flag for flag in sorted(found, key=lambda flag: flag.urgency == "now")}
    return sorted(by_title.values(), key=lambda flag: flag.urgency != "now")


def _dangers(question: str, animals: Sequence[AnimalProfile]) -> list[str]:
    folded = fold(question)
    lines = [
        line
        for animal in animals
        for line in (*_poisons(folded, animal), *_medicines(folded, animal.language), *_allergens(folded, animal))
    ]
    return list(dict.fromkeys(lines))


def _poisons(folded: str, animal: AnimalProfile) -> list[str]:
    found = [
        hazard
        for hazard in hazards()
        if hazard.kind == TOXIC and hazard.concerns(animal.species) and hazard.lexicon(animal.language).hits(folded)
    ]
    return [_no(hazard.name(animal.language)) for hazard in found]


def _medicines(folded: str, language: str) -> list[str]:
    """No dose and no opinion on any medicine, whoever is said to have prescribed it."""
    lines = []
    for hazard in hazards():
        hits = hazard.lexicon(language).hits(folded) if hazard.kind == MEDICINE else []
        if hits and hazard.key in PAINKILLERS:
            lines.append(_no(hits[0].text))
        elif hits:
            lines.append(_("No safe advice could be put together for this pet. Please ask your vet."))
    return lines


def _no(food: str) -> str:
    return _("No, dangerous for this animal: %(food)s. Do not give any. If some was eaten, call a vet now.") % {"food": food}


def _allergens(folded: str, animal: AnimalProfile) -> list[str]:
    found = [key for key in sorted(animal.allergies) if allergen_lexicon(key, animal.language).hits(folded)]
    names = [allergens()[key].name(animal.language) if key in allergens() else key for key in found]
    return [_("No, among the allergies that you entered for this pet: %(food)s.") % {"food": name} for name in names]


def _bad_advice(question: str, animals: Sequence[AnimalProfile]) -> list[str]:
    """The keys of the advice that the question asks for and that is dangerous for one of the animals."""
    folded, language = fold(question), animals[0].language
    species = {each.species for each in animals}
    return [
        hazard.key
        for hazard in hazards()
        if hazard.kind == ADVICE and any(map(hazard.concerns, species)) and hazard.lexicon(language).hits(folded)
    ]


def _instead(keys: Sequence[str]) -> list[str]:
    return [_(INSTEAD[key]) for key in keys]


def _urgent_lines(flags: Sequence[RedFlag]) -> list[str]:
    return [f"{flag.title}: {flag.advice}" for flag in flags]


def _mentioned(question: str, pantry: Pantry) -> list[Ingredient]:
    text = question.casefold()
    return [each for each in pantry.ingredients if any(_says(text, name) for name in (*each.names.values(), *each.aliases))]


def _says(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", text) is not None


def _safety_text(question: str, animal: AnimalProfile, pantry: Pantry) -> str:
    known, text = _mentioned(question, pantry), question.casefold()
    if not known and ASKS_WHAT.search(text) and not POISONOUS.search(text):
        return _feeding_text(animal, pantry)
    if not known and ASKS_WHAT.search(text) and animal.species in USUAL:
        return "\n".join(nutrition.species_notes(animal))
    if not known:
        return _("I do not know this food. Do not give it before you have asked your vet.")
    lines = []
    for each in known[:5]:
        name = each.name(animal.language)
        if animal.species not in each.species:
            lines.append(_("Not for this animal: %(food)s.") % {"food": name})
        elif each.allergens & animal.allergies:
            lines.append(_("No, among the allergies that you entered for this pet: %(food)s.") % {"food": name})
        else:
            lines.append(_("Fine in small amounts, without salt and spices: %(food)s.") % {"food": name})
    return "\n".join(lines)


def _energy_text(question: str, animal: AnimalProfile, pantry: Pantry) -> str:
    plan = nutrition.compose_meal_plan(animal, pantry)
    energy = plan.basis.energy
    if energy is None:
        return plan.basis.reason or _("Add weight and age to the profile, and I can compute the energy that it needs.")
    text = _("About %(likely)d kcal a day, between %(low)d and %(high)d (%(formula)s). Treats are part of it, at most 10 %%.") % {
        "likely": energy.likely,
        "low": energy.low,
        "high": energy.high,
        "formula": energy.formula,
    }
    if not RESTING.search(question.casefold()):
        return text
    return "\n".join([text, _("Its resting energy (RER) is %(resting)d kcal a day (70 · kg^0.75).") % {"resting": energy.resting}])


def _weight_text(animal: AnimalProfile) -> str:
    report = nutrition.compose_health_report(animal)
    return "\n".join(note for note in (report.weight.note, report.condition.note) if note) or report.summary


def _feeding_text(animal: AnimalProfile, pantry: Pantry) -> str:
    plan = nutrition.compose_meal_plan(animal, pantry)
    if plan.basis.outcome != Outcome.PLAN:
        return plan.basis.reason
    if not referee.review_meal_plan(plan, animal, pantry).accepted:
        return _("No safe advice could be put together for this pet. Please ask your vet.")
    option = plan.options[0]
    sections = [f"{section.title}: {', '.join(section.items)}" for section in option.sections]
    feedings = [f"{feeding.time}: {feeding.note}" for feeding in plan.feeding_schedule]
    return "\n".join([_("For one day: %(name)s.") % {"name": option.name}, *sections, *feedings])


def _what_i_know(has_picture: bool) -> str:
    text = _("I can tell you whether a food is safe, how much energy your pet needs, what to feed, and what its weight means.")
    return f"{_('I cannot look at pictures here.')} {text}" if has_picture else text
