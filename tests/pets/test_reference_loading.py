"""load_reference_data: idempotent, stable, respectful of editors, and clear about a bad file."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from pets import reference_files, services
from pets.models import REFERENCE_MODELS, Breed, Gender, ReferenceFile
from pets.models.reference import FIRST_EDITOR_ID

pytestmark = pytest.mark.django_db
Change = Callable[[list[dict[str, str]]], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the repository's files, to be changed."""
    copy = tmp_path / "data"
    shutil.copytree(reference_files.DIRECTORY, copy)
    return copy


def rewrite(path: Path, change: Change) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or []), list(reader)
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def load(folder: Path) -> list[services.ListReport]:
    return services.load_reference_data(directory=folder)


def test_the_ids_of_the_documents() -> None:
    assert list(reference_files.FILE_NAMES) == [model.__name__ for model in REFERENCE_MODELS]
    assert Breed.objects.get(pk=15).name_en == "Golden Retriever"
    assert ReferenceFile.objects.count() == len(REFERENCE_MODELS)


def test_a_second_load_does_nothing(folder: Path) -> None:
    before = list(Breed.objects.order_by("id").values())

    assert load(folder) == []
    assert list(Breed.objects.order_by("id").values()) == before


def test_a_change_in_a_file_arrives(folder: Path) -> None:
    rewrite(folder / "genders.csv", lambda rows: rows[0].update(name_fi="Koiras"))

    (report,) = load(folder)

    assert (report.file_name, report.changed, report.added) == ("genders.csv", 1, 0)
    assert Gender.objects.get(pk=1).name_fi == "Koiras"


def test_what_an_editor_changed_stays_and_the_rest_of_the_row_follows_the_file(folder: Path) -> None:
    Gender.objects.filter(pk=1).update(name_fi="Editor's word")
    rewrite(folder / "genders.csv", lambda rows: rows[0].update(name_fi="File's word", name_nl="File's word"))

    (report,) = load(folder)
    row = Gender.objects.get(pk=1)

    assert (row.name_fi, row.name_nl) == ("Editor's word", "File's word")
    assert report.kept_edits == 1
    rewrite(folder / "genders.csv", lambda rows: rows[0].update(name_tr="Later"))
    load(folder)
    row.refresh_from_db()
    assert (row.name_fi, row.name_tr) == ("Editor's word", "Later")


def test_a_row_that_left_the_file_is_retired(folder: Path) -> None:
    rewrite(folder / "breeds.csv", lambda rows: rows.pop())
    gone = Breed.objects.filter(pk__lt=FIRST_EDITOR_ID).order_by("id").last()

    (report,) = load(folder)

    assert report.retired == 1
    assert gone is not None
    gone.refresh_from_db()
    assert gone.is_retired


def test_rows_of_editors_have_ids_that_no_file_uses(folder: Path) -> None:
    row = Breed.objects.create(name_en="House Hound", pet_type_id=1)

    assert row.pk >= FIRST_EDITOR_ID
    assert row.slug == "house-hound"
    rewrite(folder / "genders.csv", lambda rows: rows[0].update(name_fi="Koiras"))
    load(folder)
    assert not Breed.objects.get(pk=row.pk).is_retired


def test_a_file_row_with_the_slug_of_an_editors_row_is_left_out_with_a_note(folder: Path) -> None:
    Gender.objects.create(name_en="Neutral", slug="neutral")
    rewrite(
        folder / "genders.csv",
        lambda rows: rows.append({**rows[0], "id": "9", "slug": "neutral", **{f"name_{c}": "N" for c in ("en", "fi", "nl", "tr")}}),
    )

    (report,) = load(folder)

    assert not Gender.objects.filter(pk=9).exists()
    assert "neutral" in report.notes[0]


BAD: list[tuple[str, Change, str]] = [
    ("genders.csv", lambda rows: rows[1].update(id="1"), "genders.csv, line 3, column id: '1' stands in line 2 already"),
    ("genders.csv", lambda rows: rows[1].update(id="0"), "genders.csv, line 3, column id: must be a number"),
    ("genders.csv", lambda rows: rows[1].update(id=str(FIRST_EDITOR_ID)), "genders.csv, line 3, column id: must be a number"),
    ("genders.csv", lambda rows: rows[0].update(name_en=""), "genders.csv, line 2, column name_en: must not be empty"),
    ("genders.csv", lambda rows: rows[0].update(name_fi="x" * 121), "genders.csv, line 2, column name_fi: "),
    ("genders.csv", lambda rows: rows[0].update(reviewed="yes"), "genders.csv, line 2, column reviewed: must be true or false"),
    ("genders.csv", lambda rows: rows[0].update(order="-1"), "genders.csv, line 2, column order: "),
    ("genders.csv", lambda rows: rows[0].update(slug="no slug"), "genders.csv, line 2, column slug: "),
    ("genders.csv", lambda rows: rows[0].update(slug="another"), "genders.csv, line 2, column slug: the slug of id 1 was 'male'"),
    ("genders.csv", lambda rows: rows.clear(), "genders.csv: has no rows"),
    ("breeds.csv", lambda rows: rows[0].update(pet_type="77"), "breeds.csv, line 2, column pet_type: is not the id of a pet type"),
    ("breeds.csv", lambda rows: rows[0].update(size_class="huge"), "breeds.csv, line 2, column size_class: "),
    ("breeds.csv", lambda rows: rows[0].update(adult_weight_min_kg="5"), "breeds.csv, line 2: needs both"),
    (
        "breeds.csv",
        lambda rows: rows[1].update(adult_weight_max_kg="1"),
        "breeds.csv, line 3, column adult_weight_max_kg: must not be below",
    ),
    ("age_categories.csv", lambda rows: rows[0].update(max_weeks="many"), "age_categories.csv, line 2, column max_weeks: "),
]


@pytest.mark.parametrize(("file", "change", "message"), BAD)
def test_a_bad_file_is_named_by_line_and_column_and_nothing_is_loaded(folder: Path, file: str, change: Change, message: str) -> None:
    rewrite(folder / "pet_types.csv", lambda rows: rows[0].update(name_fi="Hauva"))
    rewrite(folder / file, change)

    with pytest.raises(CommandError) as refusal:
        call_command("load_reference_data", directory=folder)

    assert str(refusal.value).startswith(message)
    assert ReferenceFile.objects.get(name="pet_types.csv").sha256 != reference_files.hashes(folder)["pet_types.csv"]


def test_a_missing_file_a_missing_column_and_a_short_row(folder: Path) -> None:
    path = folder / "genders.csv"
    text = path.read_text(encoding="utf-8")
    cases = {
        text.replace("name_tr", "name_sv", 1): "genders.csv, line 1: the columns name_tr are missing",
        text.replace("reviewed", "reviewed,more", 1): "genders.csv, line 1: the columns more are not known",
        f"{text}9,short\n": "genders.csv, line 5: has more or fewer values than the header",
    }
    for content, message in cases.items():
        path.write_text(content, encoding="utf-8")
        with pytest.raises(reference_files.ReferenceDataError, match=message):
            load(folder)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(reference_files.ReferenceDataError, match="cannot be read as CSV in UTF-8"):
        load(folder)
    path.unlink()
    with pytest.raises(reference_files.ReferenceDataError, match=r"genders\.csv: cannot be read"):
        load(folder)


def test_the_command_says_what_it_did(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_reference_data", directory=folder)
    rewrite(folder / "genders.csv", lambda rows: rows[0].update(name_fi="Koiras"))
    call_command("load_reference_data", directory=folder)

    out = capsys.readouterr().out
    assert "nothing has changed" in out
    assert "genders.csv: 3 rows, 0 added, 1 changed" in out


def test_the_database_refuses_a_second_row_of_a_slug() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Gender.objects.create(name_en="Male", slug="male")
