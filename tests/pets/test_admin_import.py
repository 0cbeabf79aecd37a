"""Taking a reference list out as CSV and bringing it back: tried out first, all of it or nothing."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from pets import services
from pets.models import REFERENCE_MODELS, AgeCategory, Breed, FoodType, Gender, ReferenceRow
from pets.models.reference import FIRST_EDITOR_ID
from tests.factories import pets as make


def url(model: type[ReferenceRow], name: str = "import") -> str:
    return reverse(model.snippet_viewset.get_url_name(name))  # type: ignore[attr-defined]


def sign_in(client: Client, group: str) -> Client:
    user = make.owner(is_staff=True)
    user.groups.set(Group.objects.filter(name=group))
    client.force_login(user)
    return client


@pytest.fixture
def editor(db: None, client: Client) -> Client:
    return sign_in(client, "Content editors")


def exported(client: Client, model: type[ReferenceRow]) -> str:
    response = client.get(url(model, "list"), {"export": "csv"})
    return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def try_out(client: Client, model: type[ReferenceRow], text: str | bytes) -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(url(model), {"file": SimpleUploadedFile("list.csv", content)})


def confirm(client: Client, model: type[ReferenceRow], trial: Any) -> Any:
    return client.post(url(model), trial.context["form"].initial, follow=True)


def columns(model: type[ReferenceRow]) -> dict[int, dict[str, Any]]:
    """The rows as they are stored, each language by itself."""
    return {row["id"]: row for row in QuerySet(model).values()}


def problems(response: Any) -> list[tuple[int, str]]:
    return [(problem.line, problem.column) for problem in response.context["report"].problems]


@pytest.mark.parametrize("model", REFERENCE_MODELS)
def test_what_was_taken_out_can_be_brought_back_and_changes_nothing(editor: Client, model: type[ReferenceRow]) -> None:
    report = try_out(editor, model, exported(editor, model)).context["report"]

    assert report.problems == []
    assert (report.added, report.changes, report.unchanged) == ([], [], model.objects.count())


def test_a_changed_sheet_is_shown_first_and_then_imported(editor: Client) -> None:
    rows = list(csv.reader(io.StringIO(exported(editor, FoodType))))
    column = rows[0].index("name_tr")
    rows[1][column] = "Kuru yem"
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows(rows)

    trial = try_out(editor, FoodType, file.getvalue())

    row = FoodType.objects.get(pk=int(rows[1][0]))
    page = trial.content.decode()
    assert row.name_tr in page
    assert "Kuru yem" in page
    assert row.name_tr != "Kuru yem"
    assert "1 row was imported" in confirm(editor, FoodType, trial).content.decode()
    row.refresh_from_db()
    assert row.name_tr == "Kuru yem"
    assert ModelLogEntry.objects.filter(action="wagtail.edit", object_id=str(row.pk)).count() == 1


def test_columns_that_are_left_out_stay(editor: Client) -> None:
    before = columns(Breed)[15]

    confirm(editor, Breed, try_out(editor, Breed, "id,name_fi\n15,Kultsu\n"))

    assert columns(Breed)[15] == {**before, "name_fi": "Kultsu"}


def test_a_row_without_an_id_is_new(editor: Client) -> None:
    text = "id,name_en,name_fi,pet_type,adult_weight_min_kg,adult_weight_max_kg,is_retired\n,House Hound,Kotikoira,1,4.5,8,false\n"

    trial = try_out(editor, Breed, text)
    assert trial.context["report"].added == ["House Hound"]
    confirm(editor, Breed, trial)

    row = Breed.objects.get(slug="house-hound")
    assert (row.pk >= FIRST_EDITOR_ID, row.name_fi, row.pet_type_id) == (True, "Kotikoira", 1)


def test_translators_change_rows_and_add_none(db: None, client: Client) -> None:
    translator = sign_in(client, "Translators")

    assert problems(try_out(translator, Gender, "id,name_en\n,Neutral\n")) == [(2, "")]
    confirm(translator, Gender, try_out(translator, Gender, "id,name_tr\n1,Er\n"))
    assert Gender.objects.get(pk=1).name_tr == "Er"


def test_others_are_kept_out(db: None, client: Client) -> None:
    moderator = sign_in(client, "Clinic moderators")

    assert moderator.get(url(Gender)).status_code in {302, 403}
    assert try_out(moderator, Gender, "id,name_tr\n1,Er\n").status_code in {302, 403}


PROBLEMS: dict[str, tuple[type[ReferenceRow], str | bytes, list[tuple[int, str]]]] = {
    "no text": (Gender, b"\xff\xfe\x00", [(1, "")]),
    "no sign": (Gender, "id,name_fi\n1,Ko\0iras\n", [(1, "")]),
    "empty": (Gender, "\n", [(1, "")]),
    "no id": (Gender, "name_fi\nUros\n", [(1, "")]),
    "unknown column": (Gender, "id,name_sv\n1,Hane\n", [(1, "")]),
    "column twice": (Gender, "id,name_fi,name_fi\n1,a,b\n", [(1, "")]),
    "short line": (Gender, "id,name_fi\n1\n", [(2, "")]),
    "unknown row": (Gender, "id,name_fi\n99,X\n", [(2, "id")]),
    "no number": (Gender, "id,name_fi\nx,X\n", [(2, "id")]),
    "row twice": (Gender, "id,name_fi\n1,X\n1,Y\n", [(3, "id")]),
    "no English name": (Gender, "id,name_en\n1,\n", [(2, "name_en")]),
    "too long": (Gender, f"id,name_fi\n1,{'x' * 121}\n", [(2, "name_fi")]),
    "another slug": (Gender, "id,slug\n1,man\n", [(2, "slug")]),
    "taken name": (Gender, "id,name_fi\n1,naaras\n", [(2, "name_fi")]),
    "no truth": (Gender, "id,reviewed\n1,perhaps\n", [(2, "reviewed")]),
    "unknown species": (Breed, "id,pet_type\n15,99\n", [(2, "pet_type")]),
    "unknown size": (Breed, "id,size_class\n15,huge\n", [(2, "size_class")]),
    "bad range": (Breed, "id,adult_weight_min_kg\n15,99\n", [(2, "adult_weight_max_kg")]),
    "no weight": (Breed, "id,adult_weight_min_kg\n15,NaN\n", [(2, "adult_weight_min_kg")]),
    "endless weeks": (AgeCategory, "id,min_weeks\n1,99999999999999999999\n", [(2, "min_weeks")]),
    "no weeks": (AgeCategory, "id,min_weeks\n1,-1\n", [(2, "min_weeks")]),
    "new without species": (Breed, "id,name_en\n,House Hound\n", [(2, "pet_type")]),
}


@pytest.mark.parametrize("kind", PROBLEMS)
def test_a_problem_is_named_by_line_and_column_and_nothing_is_written(editor: Client, kind: str) -> None:
    model, text, expected = PROBLEMS[kind]
    before = columns(model)

    trial = try_out(editor, model, text)

    assert problems(trial) == expected
    assert "Nothing was imported" in confirm(editor, model, trial).content.decode()
    assert columns(model) == before


def test_one_problem_stops_the_whole_sheet(editor: Client) -> None:
    trial = try_out(editor, Gender, "id,name_fi\n1,Koiras\n99,X\n")

    confirm(editor, Gender, trial)

    assert Gender.objects.get(pk=1).name_fi != "Koiras"


def test_a_breed_that_pets_have_does_not_move_to_another_species(editor: Client) -> None:
    make.pet(breed=Breed.objects.get(pk=15))

    assert problems(try_out(editor, Breed, "id,pet_type\n15,2\n")) == [(2, "pet_type")]


def test_an_import_is_refused_when_the_list_changed_since_its_trial(editor: Client) -> None:
    trial = try_out(editor, Gender, "id,name_fi\n1,Koiras\n")
    Gender.objects.filter(pk=1).update(name_fi="Somebody else's word")

    assert "was changed since" in confirm(editor, Gender, trial).content.decode()
    assert Gender.objects.get(pk=1).name_fi == "Somebody else's word"


def test_a_file_that_is_too_large_is_refused(editor: Client) -> None:
    response = try_out(editor, Gender, b"id,name_fi\n" + b"1,X\n" * 600_000)

    assert "larger than 2 MB" in response.content.decode()


@pytest.mark.parametrize("content", ["%%%", "abc"])
def test_a_confirmation_that_was_cut_is_refused(editor: Client, content: str) -> None:
    assert editor.post(url(Gender), {"content": content, "digest": "x"}).status_code == 200
    assert Gender.objects.get(pk=1).name_en == "Male"


def test_an_imported_correction_is_not_undone_by_the_next_load(editor: Client) -> None:
    confirm(editor, Gender, try_out(editor, Gender, "id,name_fi\n1,Koiras\n"))

    services.load_reference_data()

    assert Gender.objects.get(pk=1).name_fi == "Koiras"


def test_lines_within_a_cell_survive_the_way_through_the_form(editor: Client) -> None:
    trial = try_out(editor, FoodType, 'id,description_en\n1,"One\r\ntwo"\n')
    confirm(editor, FoodType, trial)

    assert FoodType.objects.get(pk=1).description_en == "One\ntwo"
