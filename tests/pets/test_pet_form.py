"""The app's pet form on a fresh install: every list has something to choose, and every choice is understood."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from fammo.accounts.models import User
from pets.models import Pet

LANGUAGES = ("en", "fi", "nl", "tr")
#: The fields of the form, in its order, and the list that each is chosen from.
ONE_OF = {
    "gender": "genders",
    "body_type": "body-types",
    "activity_level": "activity-levels",
    "food_feeling": "food-feelings",
    "food_importance": "food-importance",
    "treat_frequency": "treat-frequencies",
}
OF_THE_SPECIES = {"breed": "breeds", "age_category": "age-categories"}
MANY_OF = {"food_types": "food-types", "food_allergies": "food-allergies", "health_issues": "health-issues"}


def choices(phone: APIClient, path: str, language: str, **filters: Any) -> list[dict[str, Any]]:
    response = phone.get(f"/api/v1/{path}/", filters, headers={"Accept-Language": language})
    assert response.status_code == 200
    assert response.json(), f"{path} is empty in {language}"
    return list(response.json())


def filled_in(phone: APIClient, language: str, species: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the app sends after the last choice of every list, and the words that it showed for it."""
    form: dict[str, Any] = {"name": "Max", "pet_type": species, "neutered": True, "food_allergy_other": "kiwi"}
    shown: dict[str, Any] = {"pet_type": next(row["name"] for row in choices(phone, "pet-types", language) if row["id"] == species)}
    for field, path in (ONE_OF | OF_THE_SPECIES).items():
        row = choices(phone, path, language, **({"pet_type": species} if field in OF_THE_SPECIES else {}))[-1]
        form[field], shown[field] = row["id"], row["name"]
    for field, path in MANY_OF.items():
        rows = choices(phone, path, language)[-2:]
        form[field], shown[field] = [row["id"] for row in rows], {row["name"] for row in rows}
    return form, shown


@pytest.mark.parametrize("species", range(1, 13))
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_form_can_be_filled_in(phone: APIClient, language: str, species: int) -> None:
    form, shown = filled_in(phone, language, species)

    response = phone.post("/api/v1/pets/", form, headers={"Accept-Language": language})

    assert response.status_code == 201, response.data
    pet = response.json()
    assert {name: pet[name] for name in form if name not in MANY_OF} == {name: form[name] for name in form if name not in MANY_OF}
    for name, words in shown.items():
        detail = pet[f"{name}_detail"]
        assert words == ({row["name"] for row in detail} if name in MANY_OF else detail["name"])
    assert Pet.objects.count() == 1


def test_what_was_chosen_in_one_language_is_the_same_in_the_others(phone: APIClient, owner: User) -> None:
    form, _shown = filled_in(phone, "fi", 1)
    pet = phone.post("/api/v1/pets/", form).json()

    answers = [phone.get(f"/api/v1/pets/{pet['id']}/", headers={"Accept-Language": code}).json() for code in LANGUAGES]

    def without_words(answer: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in answer.items() if not name.endswith("_detail")}

    assert all(without_words(answer) == without_words(answers[0]) for answer in answers)
    assert len({answer["health_issues_detail"][0]["name"] for answer in answers}) == len(LANGUAGES)
