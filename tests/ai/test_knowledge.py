"""What chat answers without a model: questions in four languages, answered helpfully and safely."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import gettext, override

from ai.knowledge import INSTEAD, VOMITING, Answer, answer
from ai.lexicons import hazards
from ai.nutrition import species_notes, standard_pantry
from ai.profiles import AnimalProfile
from ai.referee import review_text
from fammo.common.languages import CODES

WEIGHTS = {"dog": 15.0, "cat": 4.0}
QUESTIONS = {"en": "Can I give {}?", "fi": "Voinko antaa {}?", "nl": "Kan ik {} geven?", "tr": "{} verebilir miyim?"}
POISONS = {
    "en": ("xylitol", "birch sugar", "grapes", "raisins", "onion", "garlic", "chocolate", "macadamia nuts", "beer", "cooked bones"),
    "fi": ("ksylitolia", "koivusokeria", "viinirypäleitä", "rusinoita", "sipulia", "purjoa", "suklaata", "olutta", "keitettyjä luita"),
    "nl": ("xylitol", "berkensuiker", "druiven", "rozijnen", "ui", "prei", "chocolade", "macadamianoten", "bier", "gekookte botten"),
    "tr": ("ksilitol", "üzüm", "kuru üzüm", "soğan", "sarımsak", "pırasa", "çikolata", "makademya", "bira", "pişmiş kemik"),
}  # fmt: skip


def animal(species: str, language: str = "en", **more: Any) -> AnimalProfile:
    facts = {"weight_kg": WEIGHTS[species], "age_months": 48, "neutered": True, "body_condition": 5} | more
    return AnimalProfile(species=species, language=language, **facts)


def asked(question: str, about: AnimalProfile) -> Answer:
    with override(about.language):
        return answer(question, [about], standard_pantry(), about=about, language=about.language)


def said(text: str, language: str) -> str:
    with override(language):
        return gettext(text)


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "salt to make the dog vomit"),
        ("en", "He ate a sock, should I induce vomiting?"),
        ("en", "How do I get my dog to vomit?"),
        ("fi", "suolalla koira oksentamaan"),
        ("fi", "Miten saan koirani oksentamaan?"),
        ("nl", "zout geven om de hond te laten braken"),
        ("nl", "Hoe laat ik mijn hond overgeven?"),
        ("tr", "köpeği kusturmak için tuz"),
        ("tr", "Köpeğimi nasıl kustururum?"),
    ],
)
def test_who_wants_to_make_an_animal_vomit_is_sent_to_a_vet_now(language: str, question: str) -> None:
    reply = asked(question, animal("dog", language))

    assert reply.is_urgent
    assert said(INSTEAD[VOMITING], language) in reply.text


def test_what_was_eaten_is_answered_as_well_as_the_wish_to_make_it_vomit() -> None:
    reply = asked("My dog ate chocolate, how do I make him throw up?", animal("dog"))

    assert reply.is_urgent
    assert reply.text.startswith("Something poisonous was eaten: ")
    assert INSTEAD[VOMITING] in reply.text


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "vegan cat"),
        ("en", "Can my cat be vegetarian?"),
        ("fi", "Voiko kissa olla vegaani?"),
        ("nl", "Kan mijn kat veganistisch eten?"),
        ("tr", "Kedim vegan beslenebilir mi?"),
        ("tr", "bitkisel mama"),
    ],
)
def test_a_cat_cannot_live_on_plants(language: str, question: str) -> None:
    assert asked(question, animal("cat", language)).text == said(INSTEAD["vegan-cat"], language)


def test_who_asks_of_a_cat_in_a_dogs_chat_hears_of_cats() -> None:
    assert asked("Can my cat be vegan?", animal("dog")).text == INSTEAD["vegan-cat"]
    assert INSTEAD["vegan-cat"] not in asked("Can he be vegan?", animal("dog")).text


@pytest.mark.parametrize(
    ("key", "question"),
    [
        ("raw", "Can I feed raw chicken?"),
        ("fasting", "Can I skip meals so she loses weight?"),
        ("home-remedy", "Which home remedy helps against ticks?"),
        ("no-vet", "Can I wait it out and skip the vet?"),
    ],
)
def test_who_asks_for_dangerous_advice_hears_what_to_do_instead(key: str, question: str) -> None:
    reply = asked(question, animal("cat"))

    assert (reply.text, reply.is_urgent) == (INSTEAD[key], False)


def test_every_dangerous_advice_has_an_answer_that_the_referee_accepts() -> None:
    assert set(INSTEAD) == {hazard.key for hazard in hazards() if hazard.kind == "dangerous_advice"}
    for text in INSTEAD.values():
        for language in CODES:
            for species in WEIGHTS:
                verdict = review_text(said(text, language), animal(species, language))
                assert verdict.accepted, (language, species, verdict.findings)


@pytest.mark.parametrize("species", ["dog", "cat"])
@pytest.mark.parametrize("language", CODES)
def test_every_poison_is_told_in_four_languages(language: str, species: str) -> None:
    no = said("No, dangerous for this animal: %(food)s. Do not give any. If some was eaten, call a vet now.", language).split("%(")[0]
    lilies = {"en": "lilies", "fi": "liljoja", "nl": "lelies", "tr": "zambak"}
    for food in (*POISONS[language], *([lilies[language]] if species == "cat" else [])):
        assert asked(QUESTIONS[language].format(food), animal(species, language)).text.startswith(no), food


def test_what_is_poisonous_is_told_and_what_to_eat_is_composed() -> None:
    assert asked("What is toxic for my dog?", animal("dog")).text == "\n".join(species_notes(animal("dog")))
    assert asked("What should my dog eat?", animal("dog")).text.startswith("For one day: ")
    assert "18:00: " in asked("Köpeğim ne yemeli?", animal("dog", "tr")).text
    assert asked("Can I give mushrooms?", animal("dog")).text.startswith("I do not know this food.")


@pytest.mark.parametrize(("weight", "resting"), [(5, 234), (10, 394), (20, 662)])
def test_resting_energy_is_told_as_published(weight: int, resting: int) -> None:
    assert f"is {resting} kcal" in asked("What is his RER?", animal("dog", weight_kg=weight)).text


def test_daily_energy_is_told_as_published() -> None:
    assert asked("How many kcal a day?", animal("dog")).text.startswith("About 838 kcal a day, between 724 and ")
    assert "RER" not in asked("How many kcal a day?", animal("cat")).text
