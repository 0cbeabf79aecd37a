"""The reference book of a process: written once, current at every moment."""

from __future__ import annotations

import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from pets import book
from pets.models import BodyType, Breed, FoodAllergy, Gender
from pets.services import load_reference_data


def queries() -> int:
    with CaptureQueriesContext(connection) as captured:
        book.current_book()
    return len(captured)


@pytest.mark.postgres  # the tests' SQLite lives in memory, where there is no file to watch
@pytest.mark.usefixtures("real_transactions")
def test_a_book_is_written_once_and_anew_after_a_change() -> None:
    load_reference_data()
    book.current_book()
    deadline = time.monotonic() + 30
    while queries():  # PostgreSQL tells of the load on a line of its own
        assert time.monotonic() < deadline

    Gender.objects.filter(pk=1).update(name_en="Boy")

    while book.current_book().detail(Gender, 1) != {"id": 1, "name": "Boy"}:
        assert time.monotonic() < deadline
    with transaction.atomic():
        Gender.objects.filter(pk=1).update(name_en="Never to be")
        assert book.current_book().detail(Gender, 1) == {"id": 1, "name": "Never to be"}
        transaction.set_rollback(True)
    assert book.current_book().detail(Gender, 1) == {"id": 1, "name": "Boy"}


@pytest.mark.django_db
def test_words_are_those_of_the_active_language_or_english() -> None:
    Breed.objects.filter(pk=15).update(name_fi="")
    BodyType.objects.filter(pk=2).update(description_fi=None, is_retired=True)

    with translation.override("fi"):
        found = book.current_book()

    assert found.detail(Breed, 15) == {"id": 15, "name": "Golden Retriever", "pet_type": {"id": 1, "name": "Koira"}}
    assert found.detail(BodyType, 2) == {"id": 2, "name": "Ihannepainoinen", "description": "Well-proportioned body shape"}
    assert found.detail(BodyType, None) is None


@pytest.mark.django_db
def test_choices_stand_in_the_order_of_their_list() -> None:
    ordered = list(FoodAllergy.objects.order_by("order", "name_en", "id").values_list("pk", flat=True))

    assert book.current_book().in_order(FoodAllergy, sorted(ordered, reverse=True)) == ordered
