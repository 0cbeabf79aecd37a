"""The ingredient table: loaded from its file, corrected by editors, read by the engine."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from ai.models import Ingredient
from ai.nutrition import standard_pantry
from ai.pantry import current_pantry, load_ingredients
from pets.errors import ReferenceRowFromFile
from pets.models import ReferenceFile
from pets.models.reference import FIRST_EDITOR_ID
from pets.services import delete_reference_rows
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db


def all_rows() -> QuerySet[Ingredient]:
    return QuerySet(Ingredient)


def test_the_file_is_loaded_once_and_gives_the_same_pantry() -> None:
    report = load_ingredients()

    assert report is not None
    assert report.added == report.rows == len(standard_pantry().ingredients)
    assert load_ingredients() is None
    assert {each.key: each for each in current_pantry().ingredients} == {each.key: each for each in standard_pantry().ingredients}


def test_before_it_is_loaded_the_engine_has_the_files_own() -> None:
    assert current_pantry().ingredients == standard_pantry().ingredients


def test_allergens_come_with_the_names_and_words_that_editors_keep() -> None:
    pantry = current_pantry()

    assert pantry.allergen_names["chicken"] == {"en": "Chicken", "fi": "Kana", "nl": "Kip", "tr": "Tavuk"}
    assert "chicken meal" in pantry.allergen_words["chicken"]


def test_what_an_editor_corrected_is_used_and_survives_the_next_load() -> None:
    load_ingredients()
    all_rows().filter(slug="rice-white").update(kcal=Decimal("135"), name_fi="höyryriisi")

    ReferenceFile.objects.filter(name="ingredients.csv").update(sha256="0" * 64)
    report = load_ingredients()

    rice = next(each for each in current_pantry().ingredients if each.key == "rice-white")
    assert report is not None
    assert report.kept_edits == 1
    assert rice.kcal == 135
    assert rice.name("fi") == "höyryriisi"


def test_a_retired_ingredient_is_used_no_more() -> None:
    load_ingredients()
    all_rows().filter(slug="lard").update(is_retired=True)

    assert "lard" not in {each.key for each in current_pantry().ingredients}


def test_a_row_of_the_file_cannot_be_deleted() -> None:
    load_ingredients()

    with pytest.raises(ReferenceRowFromFile):
        delete_reference_rows(rows=all_rows().filter(slug="lard"), actor=people.person("editor@fammo.example"))
    assert all_rows().filter(slug="lard").exists()


@pytest.mark.parametrize(
    ("change", "field"), [({"protein": Decimal("60"), "moisture": Decimal("70")}, "moisture"), ({"species": "dog|horse"}, "species")]
)
def test_an_impossible_row_is_refused(change: dict[str, object], field: str) -> None:
    load_ingredients()
    row = all_rows().get(slug="rice-white")
    for name, value in change.items():
        setattr(row, name, value)

    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert field in refused.value.message_dict


def test_an_editor_adds_a_row_in_the_admin() -> None:
    load_ingredients()
    client = Client()
    client.force_login(people.superuser())
    url = reverse("wagtailsnippets_ai_ingredient:add")

    answer = client.post(
        url,
        {
            "name_en": "cooked emu",
            "group": "meat",
            "kcal": "150",
            "protein": "28",
            "fat": "4",
            "carbohydrate": "0",
            "moisture": "67",
            "species": "dog|cat",
            "order": "100",
            "source": "our vet",
        },
    )

    assert answer.status_code == 302
    row = all_rows().get(slug="cooked-emu")
    assert row.pk >= FIRST_EDITOR_ID
    assert "cooked-emu" in {each.key for each in current_pantry().ingredients}


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_ingredients")
    call_command("load_ingredients")

    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("ingredients.csv: ")
    assert second == "Ingredients: nothing has changed."
