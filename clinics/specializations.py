"""What a clinic is good at: a fixed vocabulary of codes, and how a free text such as "Dogs, Cats, Emergency Care" maps to it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.db import models
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from fammo.common import languages

from .text import fold


class Specialization(models.TextChoices):
    """The codes that the directory filters by."""

    DOGS = "dogs", _("Dogs")
    CATS = "cats", _("Cats")
    RABBITS = "rabbits", _("Rabbits")
    RODENTS = "rodents", _("Rodents")
    BIRDS = "birds", _("Birds")
    REPTILES = "reptiles", _("Reptiles")
    EXOTIC = "exotic", _("Exotic animals")
    HORSES = "horses", _("Horses")
    FARM_ANIMALS = "farm_animals", _("Farm animals")
    EMERGENCY = "emergency", _("Emergency Care")
    SURGERY = "surgery", _("Surgery")
    ORTHOPAEDICS = "orthopaedics", _("Orthopaedics")
    DENTISTRY = "dentistry", _("Dentistry")
    DERMATOLOGY = "dermatology", _("Dermatology")
    OPHTHALMOLOGY = "ophthalmology", _("Ophthalmology")
    CARDIOLOGY = "cardiology", _("Cardiology")
    ONCOLOGY = "oncology", _("Oncology")
    NEUROLOGY = "neurology", _("Neurology")
    IMAGING = "imaging", _("Diagnostic imaging")
    LABORATORY = "laboratory", _("Laboratory")
    VACCINATION = "vaccination", _("Vaccination")
    MICROCHIPPING = "microchipping", _("Microchipping")
    REPRODUCTION = "reproduction", _("Reproduction")
    BEHAVIOUR = "behaviour", _("Behaviour")
    NUTRITION = "nutrition", _("Nutrition")
    REHABILITATION = "rehabilitation", _("Physiotherapy and rehabilitation")
    HOME_VISITS = "home_visits", _("Home visits")


def parse(text: str) -> tuple[list[str], str]:
    """Split a comma separated text into known codes, in the vocabulary's order, and the rest as it was written."""
    codes: list[str] = []
    rest: list[str] = []
    for part in (part.strip() for part in text.replace(";", ",").split(",")):
        code = _known_words().get(fold(part))
        if code and code not in codes:
            codes.append(code)
        elif part and not code and part not in rest:
            rest.append(part)
    return in_order(codes), ", ".join(rest)


def in_order(codes: Iterable[str]) -> list[str]:
    """The codes in the vocabulary's order, each once: the one form in which they are stored, and in which the admin ticks them."""
    chosen = set(codes)
    return [code for code in Specialization.values if code in chosen]


def describe(codes: Iterable[str], rest: str) -> str:
    """The documented single string, in the active language."""
    words = labels(get_language())
    return ", ".join([*(words[code] for code in codes), *([rest] if rest else [])])


@cache
def labels(language: str) -> dict[str, str]:
    """Code -> word, in this language."""
    with override(language):
        return {choice.value: str(choice.label) for choice in Specialization}


def all_labels(codes: Iterable[str]) -> list[str]:
    """The labels in each of our languages, for search."""
    chosen = list(codes)
    return list(dict.fromkeys(labels(language)[code] for language in languages.CODES for code in chosen))


def unknown(codes: Iterable[str]) -> list[str]:
    return [code for code in codes if code not in Specialization.values]


@cache
def _known_words() -> dict[str, str]:
    """Every code and every label in each of our languages, folded."""
    words: dict[str, str] = {}
    for language in languages.CODES:
        words |= {fold(label): code for code, label in labels(language).items()}
    return words | {fold(choice.value): choice.value for choice in Specialization}
