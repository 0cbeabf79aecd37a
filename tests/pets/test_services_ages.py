"""Age categories follow the age: in the table by a daily task, for apps at any time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine

from fammo.accounts.models import User
from pets import tasks
from pets.models import AgeCategory, Pet
from tests.factories import pets as make

PUPPY, JUNIOR, ADULT = 1, 2, 3


def stored(pet: Pet) -> int | None:
    return Pet.objects.values_list("age_category_id", flat=True).get(pk=pet.pk)


@pytest.mark.parametrize("age", [{"birth_date": date(2024, 12, 1)}, {"age_weeks": 6}, {"age_months": 1}])
def test_the_category_moves_on_when_the_pet_has_grown(owner: User, age: dict[str, Any]) -> None:
    with time_machine.travel("2025-01-15T12:00:00Z"):
        pet = make.pet(owner, age_category=AgeCategory.objects.get(pk=PUPPY), **age)
        assert tasks.follow_ages.func() == 0
    with time_machine.travel("2025-10-15T12:00:00Z"):
        assert tasks.follow_ages.func() == 1
        assert stored(pet) == JUNIOR
        assert tasks.follow_ages.func() == 0
    with time_machine.travel("2027-10-15T12:00:00Z"):
        assert tasks.follow_ages.func() == 1
        assert stored(pet) == ADULT


def test_a_category_that_was_never_chosen_is_filled_in(owner: User) -> None:
    with time_machine.travel("2025-01-15T12:00:00Z"):
        pet = make.pet(owner, birth_date=date(2024, 12, 1))
        assert stored(pet) is None

        tasks.follow_ages.func()

        assert stored(pet) == PUPPY


def test_the_owners_choice_stands_until_the_pet_grows_out_of_it(owner: User) -> None:
    with time_machine.travel("2025-01-15T12:00:00Z"):
        pet = make.pet(owner, birth_date=date(2024, 12, 1), age_category=AgeCategory.objects.get(pk=JUNIOR))
        tasks.follow_ages.func()
        assert stored(pet) == JUNIOR
    with time_machine.travel("2027-10-15T12:00:00Z"):
        tasks.follow_ages.func()
        assert stored(pet) == ADULT


def test_pets_without_an_age_and_deleted_ones_are_left_alone(owner: User) -> None:
    make.pet(owner, age_category=AgeCategory.objects.get(pk=ADULT))
    deleted = make.pet(owner, birth_date=date(2020, 1, 1))
    Pet.objects.filter(pk=deleted.pk).update(deleted_at="2026-01-01T00:00:00Z")

    assert tasks.follow_ages.func() == 0
    assert stored(deleted) is None


def test_what_apps_are_told_does_not_change_by_it(owner: User, phone: Any) -> None:
    with time_machine.travel("2025-01-15T12:00:00Z"):
        pet = make.pet(owner, birth_date=date(2024, 12, 1), age_category=AgeCategory.objects.get(pk=PUPPY))
    with time_machine.travel("2027-10-15T12:00:00Z"):
        before = phone.get(f"/api/v1/pets/{pet.pk}/").json()
        tasks.follow_ages.func()

        assert phone.get(f"/api/v1/pets/{pet.pk}/").json() == before
        assert before["age_category"] == ADULT
