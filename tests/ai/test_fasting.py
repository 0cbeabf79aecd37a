"""An animal that does not eat for a day or more: how urgent that is depends on the species, and every door says so."""

from __future__ import annotations

import pytest

from ai.nutrition import red_flags
from ai.profiles import AnimalProfile
from ai.schemas import Urgency

WORDS = "She has not eaten for three days"


def found(species: str, text: str, language: str = "en") -> list[tuple[str, Urgency]]:
    return [(flag.code, flag.urgency) for flag in red_flags(AnimalProfile(species=species, weight_kg=None, language=language), text)]


@pytest.mark.parametrize("species", ["cat", "rabbit", "guinea-pig", "chinchilla", "ferret"])
def test_it_is_an_emergency_for_cats_and_small_plant_eaters(species: str) -> None:
    assert found(species, WORDS) == [("not-eating-cat", Urgency.NOW)]


@pytest.mark.parametrize("species", ["hamster", "bird", "rat", "mouse", "horse"])
def test_it_is_an_emergency_for_others_that_cannot_fast(species: str) -> None:
    assert found(species, WORDS) == [("not-eating", Urgency.NOW)]


@pytest.mark.parametrize("species", ["dog", "turtle-tortoise"])
def test_others_need_an_appointment(species: str) -> None:
    assert found(species, WORDS) == [("not-eating", Urgency.SOON)]


def test_the_two_may_stand_apart_but_not_in_different_stories() -> None:
    apart = "My cat is not eating. " + "x" * 30 + " Three days now."
    elsewhere = "My cat does not eat fish. " + "We love her very much. " * 5 + "Three days ago she came to us."

    assert found("cat", apart) == [("not-eating-cat", Urgency.NOW)]
    assert found("cat", elsewhere) == []
