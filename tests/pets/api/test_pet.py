"""GET, PATCH, PUT and DELETE /pets/{id}/, its undo and its weights."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone
from rest_framework.test import APIClient

from fammo.accounts.models import User
from pets.models import Breed, FoodAllergy, FoodImportance, FoodType, Pet, PetType
from pets.services import erase_deleted_pets
from tests.factories import pets as make


def url(pet: Pet, end: str = "") -> str:
    return f"/api/v1/pets/{pet.pk}/{end}"


@pytest.fixture
def pet(owner: User) -> Pet:
    return make.pet(
        owner,
        breed=Breed.objects.get(pk=make.GOLDEN_RETRIEVER),
        birth_date=date(2020, 5, 15),
        weight=25,
        food_types=FoodType.objects.filter(pk__in=[1, 2]),
        food_allergies=FoodAllergy.objects.filter(pk=3),
        food_allergy_other="kiwi",
        food_importance=FoodImportance.objects.get(pk=1),
        photo=make.picture(),
    )


def test_the_owner_reads_it(phone: APIClient, pet: Pet) -> None:
    assert phone.get(url(pet)).data["id"] == pet.pk


@pytest.mark.parametrize("method", ["get", "patch", "put", "delete"])
def test_an_outsider_does_not_find_it(strange_phone: APIClient, pet: Pet, method: str) -> None:
    response = getattr(strange_phone, method)(url(pet), {"name": "Mine", "pet_type": 1} if method in {"patch", "put"} else None)

    assert response.status_code == 404
    pet.refresh_from_db()
    assert (pet.name, pet.deleted_at) == ("Max", None)


@pytest.mark.parametrize(("method", "end"), [("get", "weights/"), ("post", "restore/")])
def test_an_outsider_finds_nothing_below_it(strange_phone: APIClient, pet: Pet, method: str, end: str) -> None:
    assert getattr(strange_phone, method)(url(pet, end)).status_code == 404


@pytest.mark.parametrize("method", ["get", "patch", "put", "delete"])
def test_strangers_are_asked_to_sign_in(api: APIClient, pet: Pet, method: str) -> None:
    assert getattr(api, method)(url(pet)).status_code == 401


def test_patch_changes_what_is_sent(phone: APIClient, pet: Pet) -> None:
    before = phone.get(url(pet)).data

    after = phone.patch(url(pet), {"name": "Maxi"}).data

    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"name", "updated_at"}
    assert after["name"] == "Maxi"


def test_patch_to_another_species_is_refused_while_the_breed_stays(phone: APIClient, pet: Pet) -> None:
    assert list(phone.patch(url(pet), {"pet_type": 2}).json()["details"]) == ["breed"]
    assert phone.patch(url(pet), {"pet_type": 2, "breed": 1001, "weight": 4}).status_code == 200


def test_put_clears_absent_lists_and_keeps_photo_other_allergy_and_importance(phone: APIClient, pet: Pet) -> None:
    before = phone.get(url(pet)).data

    after = phone.put(url(pet), {"name": "Max", "pet_type": 1})

    assert after.status_code == 200
    assert (after.data["food_types"], after.data["food_allergies"], after.data["health_issues"]) == ([], [], [])
    assert (after.data["food_allergy_other"], after.data["food_importance"]) == ("kiwi", 1)
    assert after.data["image"] == before["image"]
    assert (after.data["breed"], after.data["weight"], after.data["birth_date"]) == (None, None, "2020-05-15")


def test_put_with_what_was_read_changes_nothing(phone: APIClient, pet: Pet) -> None:
    before = phone.get(url(pet)).json()

    after = phone.put(url(pet), before)

    assert after.status_code == 200, after.data
    assert {name for name, value in after.json().items() if value != before[name]} <= {"updated_at"}


def test_put_as_a_form(phone: APIClient, pet: Pet) -> None:
    after = phone.put(url(pet), {"name": "Max", "pet_type": "1", "neutered": "true", "food_types": ["1"]}, format="multipart")

    assert after.status_code == 200
    assert (after.data["neutered"], after.data["food_types"], after.data["food_allergies"]) == (True, [1], [])
    assert after.data["image"]


@pytest.mark.parametrize("ages", [{"age_years": 3}, {"age_years": 30, "age_months": 2}])
def test_an_age_never_erases_a_birth_date(phone: APIClient, pet: Pet, ages: dict[str, int]) -> None:
    response = phone.patch(url(pet), ages)

    assert (response.status_code, response.json()["code"]) == (400, "age_contradicts_birth_date")
    assert phone.get(url(pet)).data["birth_date"] == "2020-05-15"


def test_the_age_that_was_read_may_be_sent_back_a_month_later(phone: APIClient, pet: Pet) -> None:
    with time_machine.travel("2026-06-01T12:00:00Z"):
        read = phone.get(url(pet)).data
    with time_machine.travel("2026-06-20T12:00:00Z"):
        response = phone.patch(url(pet), {name: read[name] for name in ("age_years", "age_months", "age_weeks")})

    assert response.status_code == 200
    assert response.data["birth_date"] == "2020-05-15"


def test_a_birth_date_goes_when_it_is_sent_away(phone: APIClient, pet: Pet) -> None:
    after = phone.patch(url(pet), {"birth_date": None, "age_years": 3}).data

    assert (after["birth_date"], after["age_years"], after["age_display"]) == (None, 3, "3 years")


def test_sending_a_stated_age_back_does_not_stop_the_clock(phone: APIClient, owner: User) -> None:
    with time_machine.travel("2025-01-10T12:00:00Z"):
        pet = make.pet(owner, age_years=2)
    with time_machine.travel("2025-12-10T12:00:00Z"):
        phone.patch(url(pet), {"age_years": 2})
    with time_machine.travel("2026-01-11T12:00:00Z"):
        assert phone.get(url(pet)).data["age_years"] == 3


def test_a_retired_choice_stays_but_is_not_chosen_anew(phone: APIClient, pet: Pet) -> None:
    Breed.objects.filter(pk__in=[make.GOLDEN_RETRIEVER, 2]).update(is_retired=True)

    assert phone.patch(url(pet), {"breed": make.GOLDEN_RETRIEVER}).status_code == 200
    refused = phone.patch(url(pet), {"breed": 2})
    assert (refused.status_code, refused.json()["code"]) == (400, "choice_retired")


def test_a_new_photo_takes_the_place_of_the_old_one(phone: APIClient, pet: Pet, run_tasks: Callable[[], int]) -> None:
    old = pet.image.name

    response = phone.patch(url(pet), {"image": make.picture("PNG")}, format="multipart")
    run_tasks()

    pet.refresh_from_db()
    assert response.status_code == 200
    assert pet.image.name != old
    assert not default_storage.exists(old)
    assert default_storage.exists(pet.image.name)


@pytest.mark.parametrize(("body", "format_"), [({"image": None}, "json"), ({"image": ""}, "multipart")])
def test_a_photo_can_be_removed(phone: APIClient, pet: Pet, run_tasks: Callable[[], int], body: dict[str, Any], format_: str) -> None:
    response = phone.patch(url(pet), body, format=format_)
    run_tasks()

    assert response.data["image"] is None
    assert not default_storage.exists(pet.image.name)


def test_each_change_of_weight_is_kept(phone: APIClient, pet: Pet) -> None:
    for weight in (26, 26, "25.555"):
        phone.patch(url(pet), {"weight": weight})

    response = phone.get(url(pet, "weights/"))

    assert [row["weight"] for row in response.json()] == ["25.00", "26.00", "25.56"]
    assert set(response.json()[0]) == {"id", "weight", "recorded_at"}


def test_small_animals_are_weighed_in_grams(phone: APIClient, owner: User) -> None:
    hamster = make.pet(owner, name="Nöpö", pet_type=PetType.objects.get(pk=5))

    for weight in ("0.0351", 0.04):
        assert phone.patch(url(hamster), {"weight": weight}).status_code == 200

    assert phone.get(url(hamster)).data["weight"] == "0.04"
    assert [row["weight"] for row in phone.get(url(hamster, "weights/")).json()] == ["0.035", "0.04"]


def test_a_deleted_pet_is_gone_and_can_be_restored(phone: APIClient, api: APIClient, pet: Pet) -> None:
    address = phone.get(url(pet)).data["image"]

    assert phone.delete(url(pet)).status_code == 204

    assert phone.get(url(pet)).status_code == 404
    assert phone.get("/api/v1/pets/").data == []
    assert phone.delete(url(pet)).status_code == 404
    assert api.get(address).status_code == 404
    assert phone.post(url(pet, "restore/")).data["name"] == "Max"
    assert phone.get(url(pet)).status_code == 200


def test_after_thirty_days_a_deleted_pet_is_erased_with_its_photo(phone: APIClient, pet: Pet, run_tasks: Callable[[], int]) -> None:
    phone.delete(url(pet))
    Pet.objects.update(deleted_at=timezone.now() - timedelta(days=30, minutes=1))

    assert phone.post(url(pet, "restore/")).status_code == 404
    assert erase_deleted_pets() == 1
    run_tasks()

    assert not Pet.objects.exists()
    assert not default_storage.exists(pet.image.name)


NEW_YEARS_EVE = "2026-12-31T12:00:00Z"  # in Auckland it is the 1st of January


@pytest.mark.parametrize(
    ("time_zone", "today", "tomorrow"),
    [
        ("UTC", "2026-12-31", "2027-01-01"),
        ("Pacific/Auckland", "2027-01-01", "2027-01-02"),
        ("America/Los_Angeles", "2026-12-31", "2027-01-01"),
        ("Pacific/Kiritimati", "2027-01-01", "2027-01-02"),
        ("No/Such_Zone", "2026-12-31", "2027-01-01"),
    ],
)
@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_nobody_is_born_tomorrow_by_the_owners_calendar(
    phone: APIClient, owner: User, pet: Pet, method: str, time_zone: str, today: str, tomorrow: str
) -> None:
    type(owner.profile).objects.filter(pk=owner.profile.pk).update(time_zone=time_zone)
    address = "/api/v1/pets/" if method == "post" else url(pet)

    def send(born: str) -> Any:
        return getattr(phone, method)(address, {"name": "Max", "pet_type": 1, "birth_date": born})

    with time_machine.travel(NEW_YEARS_EVE):
        refused, taken = send(tomorrow), send(today)

    assert (refused.status_code, list(refused.json()["details"])) == (400, ["birth_date"])
    assert (taken.status_code, taken.json()["birth_date"]) == (201 if method == "post" else 200, today)
