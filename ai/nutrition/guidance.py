"""What is said where no numbers can be honest: other species, no weight, nothing left to feed."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext, gettext_noop

from ai.profiles import AnimalProfile
from ai.schemas import MealOption, Section

from . import species

#: Foods by species, in words: (always there, daily, now and then). Merck Veterinary Manual, nutrition of exotic and zoo animals.
FOODS = {
    "rabbit": (
        gettext_noop("Good hay, as much as your pet wants: most of the day's food"),
        gettext_noop("Fresh leafy greens and herbs, several kinds"),
        gettext_noop("A small amount of plain pellets for this species, by the label"),
    ),
    "guinea-pig": (
        gettext_noop("Good hay, as much as your pet wants: most of the day's food"),
        gettext_noop("Fresh greens and sweet pepper every day for vitamin C"),
        gettext_noop("A small amount of pellets with vitamin C, by the label"),
    ),
    "chinchilla": (
        gettext_noop("Good hay, as much as your pet wants: most of the day's food"),
        gettext_noop("A small amount of plain pellets for this species, by the label"),
        gettext_noop("Dried herbs in small amounts, hardly any fruit"),
    ),
    "hamster": (
        gettext_noop("A complete food for this species, by the label"),
        gettext_noop("Small pieces of fresh vegetables"),
        gettext_noop("A little animal protein such as a mealworm or boiled egg"),
    ),
    "rat": (
        gettext_noop("A complete food for this species, by the label"),
        gettext_noop("Small pieces of fresh vegetables"),
        gettext_noop("A little animal protein such as a mealworm or boiled egg"),
    ),
    "mouse": (
        gettext_noop("A complete food for this species, by the label"),
        gettext_noop("Small pieces of fresh vegetables"),
        gettext_noop("A little animal protein such as a mealworm or boiled egg"),
    ),
    "bird": (
        gettext_noop("A complete pelleted food for this kind of bird, by the label"),
        gettext_noop("Fresh vegetables and greens every day"),
        gettext_noop("Seeds only as a small part of the food"),
    ),
    "ferret": (
        gettext_noop("A complete food for ferrets, rich in animal protein and fat, always there"),
        gettext_noop("Cooked meat or egg in small amounts"),
        gettext_noop("No sweet or starchy treats"),
    ),
    "turtle-tortoise": (
        gettext_noop("The food of its own kind: some eat plants only, others animals too; ask your vet which"),
        gettext_noop("Calcium and UV-B light as your vet advises"),
        gettext_noop("Clean water to drink and bathe in"),
    ),
    "horse": (
        gettext_noop("Hay or grass first: about 1.5 to 2 per cent of the body weight a day as dry matter (NRC 2007)"),
        gettext_noop("A mineral feed that fits the hay"),
        gettext_noop("Concentrates only for work, growth or milk, in small meals"),
    ),
}


@dataclass(frozen=True)
class Guidance:
    """A reason, notes, and ways to feed in words."""

    reason: str
    notes: list[str] = field(default_factory=list)
    options: list[MealOption] = field(default_factory=list)


def for_species(profile: AnimalProfile) -> Guidance:
    """Why there are no numbers for this animal, and what can be said nevertheless."""
    ask = gettext("Ask your vet for a plan made for your pet.")
    if species.is_computed(profile):
        if profile.weighs is None:
            return Guidance(gettext("The weight is not known. Weigh your pet and enter its weight: every amount depends on it."), [ask])
        return Guidance(gettext("No animal of this species can have this weight. Please check it."), [ask])
    reason = gettext("We compute amounts for dogs and cats only. For other animals we give advice in words rather than invented numbers.")
    foods = FOODS.get(profile.species)
    if foods is None:
        return Guidance(reason, [ask])
    titles = (gettext("Basis"), gettext("In addition"), gettext("Also"))
    sections = [Section(title=title, items=[gettext(food)]) for title, food in zip(titles, foods, strict=True)]
    option = MealOption(
        name=gettext("How to feed this species"),
        overview=gettext("Advice in words, without amounts. %(ask)s") % {"ask": ask},
        sections=sections,
    )
    return Guidance(reason, [gettext("Always offer fresh water."), ask], [option])


def nothing_left() -> Guidance:
    """For animals whose allergies and illnesses leave no food of the table."""
    reason = gettext("With these allergies and illnesses no food of our table is left that we may recommend.")
    return Guidance(reason, [gettext("Ask your vet about an elimination diet; until then keep to what your pet bears well.")])
