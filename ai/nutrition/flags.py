"""Red flags: signs, in a profile or in what an owner writes, that a vet must see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext, gettext_noop, override

from ai.lexicons import DIRECTORY, lexicon_of_row, read_rows, split, word_list
from ai.profiles import AnimalProfile
from ai.schemas import RedFlag, Urgency
from ai.words import Lexicon, disguised, fold

from . import condition, growth, intake, species

MAX_TEXT = 8_000
POISON = "poison"
GO_NOW = gettext_noop("See a vet now, day or night. Call on the way.")
GO_SOON = gettext_noop("Make an appointment with your vet within the next days.")
FASTING = "Merck Veterinary Manual, emergencies"
FROM_PROFILE = "WSAVA Global Nutrition Guidelines, 2011"
TITLES = {
    "breathing": gettext_noop("Trouble breathing"),
    "collapse": gettext_noop("Collapse or pale gums"),
    "seizure": gettext_noop("A seizure"),
    "bloat": gettext_noop("A swollen belly or retching without result"),
    "urethra": gettext_noop("Trouble passing urine"),
    "bleeding": gettext_noop("Bleeding, or blood where it does not belong"),
    "poison": gettext_noop("Something poisonous was eaten"),
    "not-eating-cat": gettext_noop("Not eating"),
    "not-eating": gettext_noop("Not eating"),
    "heatstroke": gettext_noop("Heatstroke"),
    "trauma": gettext_noop("An injury"),
    "swallowed": gettext_noop("A swallowed object"),
    "birth": gettext_noop("A birth that does not go on"),
    "vomiting": gettext_noop("Vomiting that does not stop"),
    "lethargy": gettext_noop("A change in how your pet feels or moves"),
    "very-thin": gettext_noop("Very thin"),
    "very-thin-young": gettext_noop("A very thin young animal"),
    "very-obese": gettext_noop("Severe overweight"),
    "unweaned": gettext_noop("A very young animal that needs milk"),
    "weight-far-off": gettext_noop("A weight far from what the breed weighs"),
    "little-appetite": gettext_noop("Little appetite"),
    "gut-stasis": gettext_noop("Gut stasis"),
}
ADVICE = {
    "poison": gettext_noop("See a vet now and take the packaging along. Do not make your pet vomit unless a vet tells you to."),
    "not-eating-cat": gettext_noop("Cats and small plant eaters that stop eating are in danger within a day. See a vet now."),
    "unweaned": gettext_noop("Let your vet show you how to feed it, and keep it warm."),
    "very-thin": gettext_noop("Let your vet find the cause before you feed more: too much at once can harm a thin animal."),
    "gut-stasis": gettext_noop("If it has eaten nothing for half a day or passes no droppings, see a vet now."),
    "weight-far-off": gettext_noop("Check weight and breed. If both are right, let your vet look at your pet."),
}
FAR_BELOW, FAR_ABOVE = 0.5, 2.0
#: "She is not eating. It has been three days now.": letters between the two.
FASTING_REACH = 60
FAST_WELL = frozenset({"dog", "turtle-tortoise"})


@dataclass(frozen=True)
class _Sign:
    code: str
    urgency: Urgency
    species: frozenset[str]
    lexicon: Lexicon
    source: str


def red_flags(profile: AnimalProfile, text: str = "") -> list[RedFlag]:
    """The signs found, the most urgent first, in the profile's language. ``text`` is read in all four languages."""
    with override(profile.language):
        found = {flag.code: flag for flag in (*_in_profile(profile), *_in_text(profile, text))}
    return sorted(found.values(), key=lambda flag: flag.urgency is not Urgency.NOW)


def _in_text(profile: AnimalProfile, text: str) -> list[RedFlag]:
    if not text.strip():
        return []
    folded = fold(text[:MAX_TEXT])
    texts = [folded, *disguised(folded)]
    signs = [sign for sign in _signs(profile.language) if "*" in sign.species or profile.species in sign.species]
    found = [_flag(sign.code, sign.urgency, sign.source) for sign in signs if any(sign.lexicon.hits(each) for each in texts)]
    if all(flag.code != POISON for flag in found) and any(intake.tells_of_poison(each, profile) for each in texts):
        found.append(_flag(POISON, Urgency.NOW, FASTING))
    if any(_tells_of_fasting(each) for each in texts):
        code = "not-eating-cat" if any(sign.code == "not-eating-cat" for sign in signs) else "not-eating"
        found.append(_flag(code, Urgency.SOON if profile.species in FAST_WELL else Urgency.NOW, FASTING))
    return found


def _tells_of_fasting(folded: str) -> bool:
    """Whether it says that an animal does not eat, and close by, in whichever order, that this has lasted for a day or more."""
    not_eating, for_long = (lexicon.hits(folded) for lexicon in _fasting_words())
    return any(max(one.start, other.start) - min(one.end, other.end) <= FASTING_REACH for one in not_eating for other in for_long)


def _in_profile(profile: AnimalProfile) -> list[RedFlag]:
    codes: list[tuple[str, Urgency]] = []
    score = condition.score_of(profile)
    if score is not None and score <= 2:
        young = species.is_computed(profile) and growth.is_growing(profile)
        codes.append(("very-thin-young", Urgency.NOW) if score == 1 and young else ("very-thin", Urgency.SOON))
    if score == 9:
        codes.append(("very-obese", Urgency.SOON))
    if growth.is_unweaned(profile):
        codes.append(("unweaned", Urgency.SOON))
    if profile.appetite == "low-appetite" and profile.species == species.CAT:
        codes.append(("little-appetite", Urgency.SOON))
    if "gi-stasis" in profile.health_issues:
        codes.append(("gut-stasis", Urgency.SOON))
    if _is_far_off(profile):
        codes.append(("weight-far-off", Urgency.SOON))
    return [_flag(code, urgency, FROM_PROFILE) for code, urgency in codes]


def _is_far_off(profile: AnimalProfile) -> bool:
    weight, low, high = profile.weighs, profile.adult_weight_min_kg, profile.adult_weight_max_kg
    if weight is None or not low or not high:
        return False
    grown = species.is_computed(profile) and profile.age_months is not None and not growth.is_growing(profile)
    return weight > FAR_ABOVE * high or (grown and weight < FAR_BELOW * low)


def _flag(code: str, urgency: Urgency, source: str) -> RedFlag:
    advice = ADVICE.get(code, GO_NOW if urgency is Urgency.NOW else GO_SOON)
    return RedFlag(code=code, urgency=urgency, title=gettext(TITLES[code]), advice=gettext(advice), source=source)


@cache
def _fasting_words() -> tuple[Lexicon, Lexicon]:
    return Lexicon(word_list("not_eating")), Lexicon(word_list("for_a_day_or_more"), word_list("no_span_of_days"))


@cache
def _signs(language: str) -> tuple[_Sign, ...]:
    return tuple(
        _Sign(row["code"], Urgency(row["urgency"]), frozenset(split(row["species"])), lexicon_of_row(row, language), row["source"])
        for row in read_rows(DIRECTORY / "red_flags.csv")
    )
