"""GET and POST /pets/."""

from __future__ import annotations

from datetime import date
from typing import Any
from unittest.mock import ANY

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from fammo.accounts.models import User
from pets import photo_files
from pets.api import serializers
from pets.models import Breed, FoodAllergy, FoodType, Gender, Pet, WeightRecord
from tests.factories import pets as make

URL = "/api/v1/pets/"
DOCUMENTED = {
    "name": "Max",
    "pet_type": 1,
    "breed": 15,
    "gender": 1,
    "birth_date": "2020-05-15",
    "neutered": True,
    "weight": 25.5,
    "body_type": 2,
    "activity_level": 3,
    "food_types": [1, 2],
    "food_allergies": [3, 5],
    "health_issues": [],
}


@time_machine.travel("2024-12-12T10:30:00Z", tick=False)
def test_the_documented_request_gets_the_documented_answer(phone: APIClient, owner: User) -> None:
    response = phone.post(URL, DOCUMENTED)

    assert response.status_code == 201, response.data
    assert response.json() == {
        "id": ANY,
        "name": "Max",
        "image": None,
        "image_renditions": None,
        "neutered": True,
        "birth_date": "2020-05-15",
        "age_years": 4,
        "age_months": 6,
        "age_weeks": None,
        "age_display": "4 years",
        "age_category": 3,
        "age_category_detail": {"id": 3, "name": "Adult", "order": 30, "pet_type": {"id": 1, "name": "Dog"}},
        "weight": "25.50",
        "pet_type": 1,
        "pet_type_detail": {"id": 1, "name": "Dog"},
        "breed": 15,
        "breed_detail": {"id": 15, "name": "Golden Retriever", "pet_type": {"id": 1, "name": "Dog"}},
        "gender": 1,
        "gender_detail": {"id": 1, "name": "Male"},
        "body_type": 2,
        "body_type_detail": {"id": 2, "name": "Ideal", "description": "Well-proportioned body shape"},
        "activity_level": 3,
        "activity_level_detail": {"id": 3, "name": "High", "description": "Very active, needs lots of exercise"},
        "food_types": [1, 2],
        "food_types_detail": [{"id": 1, "name": "Dry Food"}, {"id": 2, "name": "Wet Food"}],
        "food_feeling": None,
        "food_feeling_detail": None,
        "food_importance": None,
        "food_importance_detail": None,
        "food_allergies": [3, 5],
        "food_allergies_detail": [{"id": 3, "name": "Chicken"}, {"id": 5, "name": "Wheat"}],
        "food_allergy_other": "",
        "health_issues": [],
        "health_issues_detail": [],
        "treat_frequency": None,
        "treat_frequency_detail": None,
        "user": owner.pk,
        "warnings": [],
        "created_at": "2024-12-12T10:30:00Z",
        "updated_at": "2024-12-12T10:30:00Z",
    }
    assert WeightRecord.objects.filter(pet_id=response.data["id"]).count() == 1


def test_a_name_and_a_species_are_enough(phone: APIClient) -> None:
    response = phone.post(URL, {"name": " Misu ", "pet_type": 2})

    assert response.status_code == 201
    assert (response.data["name"], response.data["age_display"], response.data["weight"]) == ("Misu", "", None)


def test_a_form_with_a_photo(phone: APIClient) -> None:
    form = {
        "name": "Max",
        "pet_type": "1",
        "neutered": "true",
        "weight": "25.5",
        "birth_date": "",
        "breed": "",
        "food_types": ["1", "2"],
        "food_allergies": [""],
        "image": make.picture("HEIF", gps=True),
    }

    response = phone.post(URL, form, format="multipart")

    assert response.status_code == 201, response.data
    assert (response.data["neutered"], response.data["food_types"], response.data["food_allergies"]) == (True, [1, 2], [])
    assert response.data["image"].startswith("http://testserver/media-private/pets/")
    renditions = response.data["image_renditions"]
    assert {name: each["max_side"] for name, each in renditions.items()} == {"thumbnail": 256, "medium": 1024, "large": 2048}
    assert renditions["large"]["url"] == response.data["image"]
    stored = photo_files.names_of(Pet.objects.get().image.name).values()
    assert len(stored) == 3
    for name in stored:
        with default_storage.open(name) as file:
            assert b"SecretPlace" not in file.read()


@pytest.mark.parametrize(("language", "words"), [("fi", ("Koira", "Uros")), ("nl", ("Hond", "Mannelijk")), ("tr", ("Köpek", "Erkek"))])
def test_details_speak_the_language_of_the_caller(phone: APIClient, language: str, words: tuple[str, str]) -> None:
    response = phone.post(URL, DOCUMENTED, headers={"Accept-Language": language})

    assert (response.data["pet_type_detail"]["name"], response.data["gender_detail"]["name"]) == words
    assert response["Content-Language"] == language


REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "name"),
    ({"name": "   "}, "name"),
    ({"name": "x" * 1_000_000}, "name"),
    ({"name": None}, "name"),
    ({"pet_type": 999}, "pet_type"),
    ({"pet_type": "dog"}, "pet_type"),
    ({"pet_type": True}, "pet_type"),
    ({"pet_type": 2**70}, "pet_type"),
    ({"breed": 1001}, "breed"),
    ({"breed": -1}, "breed"),
    ({"age_category": 11}, "age_category"),
    ({"weight": -1}, "weight"),
    ({"weight": 0}, "weight"),
    ({"weight": 161}, "weight"),
    ({"weight": 0.0001}, "weight"),
    ({"weight": 0.04}, "weight"),
    ({"pet_type": 2, "breed": None, "weight": 26}, "weight"),
    ({"pet_type": 5, "breed": None, "weight": 5}, "weight"),
    ({"weight": 10**9}, "weight"),
    ({"weight": "1e400"}, "weight"),
    ({"weight": "NaN"}, "weight"),
    ({"weight": "heavy"}, "weight"),
    ({"birth_date": "2999-01-01"}, "birth_date"),
    ({"birth_date": "1800-01-01"}, "birth_date"),
    ({"birth_date": "2021-02-31"}, "birth_date"),
    ({"birth_date": 5}, "birth_date"),
    ({"birth_date": None, "age_years": -1}, "age_years"),
    ({"birth_date": None, "age_years": 151}, "age_years"),
    ({"birth_date": None, "age_years": 150, "age_months": 10}, "age_years"),
    ({"food_types": 1}, "food_types"),
    ({"food_types": [1, 999]}, "food_types"),
    ({"food_types": [[1]]}, "food_types"),
    ({"food_types": list(range(1, 500))}, "food_types"),
    ({"neutered": "perhaps"}, "neutered"),
    ({"food_allergy_other": "x" * 501}, "food_allergy_other"),
    ({"image": "http://elsewhere.example/photo.jpg"}, "image"),
]


@pytest.mark.parametrize(("change", "field"), REFUSALS)
def test_what_cannot_be_is_refused_and_nothing_is_stored(phone: APIClient, change: dict[str, Any], field: str) -> None:
    response = phone.post(URL, {**DOCUMENTED, **change})

    assert response.status_code == 400
    assert list(response.json()["details"]) == [field]
    assert not Pet.objects.exists()


def test_a_nul_byte_is_refused(phone: APIClient) -> None:
    response = phone.post(URL, {**DOCUMENTED, "name": "Ma\x00x"})

    assert response.status_code == 400
    assert not Pet.objects.exists()


def test_a_refused_photo_stores_neither_pet_nor_file(phone: APIClient) -> None:
    response = phone.post(URL, {"name": "Max", "pet_type": 1, "image": make.picture("GIF")}, format="multipart")

    assert response.status_code == 400
    assert list(response.json()["details"]) == ["image"]
    assert not Pet.objects.exists()


def test_a_refused_pet_leaves_no_photo_behind(phone: APIClient, settings: Any) -> None:
    response = phone.post(URL, {"name": "Max", "pet_type": 1, "breed": 1001, "image": make.picture()}, format="multipart")

    assert response.status_code == 400
    assert not list(settings.MEDIA_ROOT.rglob("*.jpg"))


def test_a_stated_age_reads_as_it_was_stated_and_grows(phone: APIClient) -> None:
    with time_machine.travel("2025-03-01T12:00:00Z"):
        created = phone.post(URL, {"name": "Max", "pet_type": 1, "age_years": 2}).data
    with time_machine.travel("2026-03-02T12:00:00Z"):
        later = phone.get(f"{URL}{created['id']}/").data

    assert (created["age_years"], created["age_months"], created["age_weeks"]) == (2, None, None)
    assert (created["age_display"], later["age_years"], later["age_display"]) == ("2 years", 3, "3 years")


def test_the_age_category_follows_the_age(phone: APIClient) -> None:
    with time_machine.travel("2025-03-01T12:00:00Z"):
        created = phone.post(URL, {"name": "Max", "pet_type": 1, "birth_date": "2025-02-01", "age_category": 1}).data
    with time_machine.travel("2027-03-01T12:00:00Z"):
        later = phone.get(f"{URL}{created['id']}/").data

    assert (created["age_category_detail"]["name"], later["age_category_detail"]["name"]) == ("Puppy", "Adult")


def test_a_weight_out_of_the_breeds_range_is_taken_with_a_warning(phone: APIClient) -> None:
    response = phone.post(URL, {**DOCUMENTED, "weight": 60})

    assert response.status_code == 201
    assert [warning["code"] for warning in response.data["warnings"]] == ["weight_unusual_for_breed"]


def test_the_same_key_creates_one_pet(phone: APIClient) -> None:
    answers = [phone.post(URL, DOCUMENTED, headers={"Idempotency-Key": "one"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Pet.objects.count() == 1


def test_each_sees_their_own(phone: APIClient, strange_phone: APIClient, owner: User) -> None:
    pet = make.pet(owner)

    assert [row["id"] for row in phone.get(URL).data] == [pet.pk]
    assert strange_phone.get(URL).data == []


def test_a_list_of_a_thousand_costs_as_many_queries_as_one_of_one(phone: APIClient, owner: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert phone.get(URL).status_code == 200
        return len(captured)

    first = make.pet(
        owner,
        breed=Breed.objects.get(pk=make.GOLDEN_RETRIEVER),
        birth_date=date(2020, 1, 1),
        food_types=FoodType.objects.filter(pk__in=[1, 2]),
        food_allergies=FoodAllergy.objects.filter(pk__in=[3, 5]),
    )
    one = queries()
    make.many_like(first, 999)

    assert queries() == one
    assert len(phone.get(URL).data) == 1000


def test_an_answer_has_the_members_that_the_document_promises(phone: APIClient) -> None:
    answer = phone.post(URL, DOCUMENTED | {"age_category": 3, "health_issues": [1]}).json()

    promised = serializers.PetAnswer().fields
    assert list(answer) == list(promised)
    for name, field in promised.items():
        shape = getattr(field, "child", field)
        if name.endswith("_detail") and answer[name]:
            shown = answer[name][0] if isinstance(answer[name], list) else answer[name]
            assert set(shown) == set(shape.fields), name


def test_a_name_that_an_editor_changes_is_in_the_next_answer(phone: APIClient) -> None:
    phone.post(URL, DOCUMENTED)

    Gender.objects.filter(pk=1).update(name_en="Boy")

    assert phone.get(URL).data[0]["gender_detail"] == {"id": 1, "name": "Boy"}


def test_pages_on_request(phone: APIClient, owner: User) -> None:
    make.pet(owner)

    page = phone.get(URL, {"page_size": 1}).data

    assert (page["count"], page["next"], page["results"][0]["name"]) == (1, None, "Max")


def test_pages_by_cursor(phone: APIClient, owner: User) -> None:
    make.many_like(make.pet(owner), 2)

    first = phone.get(URL, {"cursor": "", "page_size": 2}).json()
    rest = phone.get(first["next"]).json()

    assert len({row["id"] for row in first["results"] + rest["results"]}) == 3


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.django_db
def test_strangers_are_asked_to_sign_in(api: APIClient, method: str) -> None:
    assert getattr(api, method)(URL).status_code == 401


def test_an_unknown_parameter_is_refused(phone: APIClient) -> None:
    assert phone.get(URL, {"specis": 1}).status_code == 400


@pytest.mark.parametrize("character", ["\n", "\u202e"])
def test_a_name_is_one_line_that_reads_as_it_is_written(phone: APIClient, character: str) -> None:
    answer = phone.post(URL, DOCUMENTED | {"name": f"Ma{character}x"})

    assert (answer.status_code, set(answer.json()["details"])) == (400, {"name"})
    assert not Pet.objects.exists()
