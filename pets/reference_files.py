"""Reading the reviewed data files: pure, no database. A fault names its file, line and column."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Field, ForeignKey
from django.utils.translation import gettext_lazy as _

from fammo.common.languages import CODES

from .models import REFERENCE_MODELS, AgeCategory, PetType, ReferenceRow
from .models.reference import FIRST_EDITOR_ID

DIRECTORY = Path(__file__).parent / "reference_data"
FILE_NAMES: dict[str, str] = {
    "PetType": "pet_types.csv",
    "Gender": "genders.csv",
    "Breed": "breeds.csv",
    "AgeCategory": "age_categories.csv",
    "FoodType": "food_types.csv",
    "FoodFeeling": "food_feelings.csv",
    "FoodImportance": "food_importance.csv",
    "BodyType": "body_types.csv",
    "ActivityLevel": "activity_levels.csv",
    "FoodAllergy": "food_allergies.csv",
    "HealthIssue": "health_issues.csv",
    "TreatFrequency": "treat_frequencies.csv",
}
NOT_IN_FILES = {"name", "description", "synonyms", "is_retired", "loaded"}


class ReferenceDataError(Exception):
    """A data file cannot be right; the text names the file, and the line and column where there is one."""

    def __init__(self, file: str, problem: str, *, line: int | None = None, column: str | None = None) -> None:
        where = [file, *([f"line {line}"] if line else []), *([f"column {column}"] if column else [])]
        super().__init__(f"{', '.join(where)}: {problem}")


@dataclass(frozen=True)
class ReferenceList:
    """One file, read and checked: for each row its values by attribute name (foreign keys as ``…_id``)."""

    model: type[ReferenceRow]
    file_name: str
    sha256: str
    rows: Sequence[dict[str, Any]]
    lines: Sequence[int]


def columns_of(model: type[ReferenceRow]) -> dict[str, Field[Any, Any]]:
    """The columns that a list's file must have, by name."""
    return {field.name: field for field in model._meta.concrete_fields if field.name not in NOT_IN_FILES}


def hashes(directory: Path = DIRECTORY) -> dict[str, str]:
    """The SHA-256 of every list's file; raises ``ReferenceDataError`` when one is missing."""
    found = {}
    for name in FILE_NAMES.values():
        found[name] = hashlib.sha256(_bytes(directory, name)).hexdigest()
    return found


def read_lists(directory: Path = DIRECTORY) -> Iterator[ReferenceList]:
    """Every list in the order in which it can be loaded; raises ``ReferenceDataError`` at the first fault."""
    pet_types: set[int] = set()
    for model in REFERENCE_MODELS:
        found = _read_list(model, directory, FILE_NAMES[model.__name__], pet_types)
        if model is PetType:
            pet_types.update(row["id"] for row in found.rows)
        yield found


def read_list(model: type[ReferenceRow], path: Path) -> ReferenceList:
    """A list of another app, from its own file; raises ``ReferenceDataError`` at the first fault."""
    return _read_list(model, path.parent, path.name, set())


def _read_list(model: type[ReferenceRow], directory: Path, name: str, pet_types: set[int]) -> ReferenceList:
    content = _bytes(directory, name)
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
        header = list(reader.fieldnames or [])
    except (UnicodeDecodeError, csv.Error) as exc:
        raise ReferenceDataError(name, f"cannot be read as CSV in UTF-8 ({exc})") from exc
    columns = columns_of(model)
    if problem := _header_problem(header, list(columns)):
        raise ReferenceDataError(name, problem, line=1)
    rows, lines = [], []
    seen: dict[tuple[str, ...], int] = {}
    try:
        for raw in reader:
            line = reader.line_num
            row = _row(name, line, raw, columns, pet_types)
            _check_range(model, name, line, row)
            _check_unique(name, line, row, seen)
            rows.append(row)
            lines.append(line)
    except csv.Error as exc:
        raise ReferenceDataError(name, str(exc), line=reader.line_num) from exc
    if not rows:
        raise ReferenceDataError(name, "has no rows")
    return ReferenceList(model, name, hashlib.sha256(content).hexdigest(), rows, lines)


def _bytes(directory: Path, name: str) -> bytes:
    try:
        return (directory / name).read_bytes()
    except OSError as exc:
        raise ReferenceDataError(name, f"cannot be read ({exc.strerror})") from exc


def _header_problem(header: list[str], columns: list[str]) -> str:
    if missing := [column for column in columns if column not in header]:
        return f"the columns {', '.join(missing)} are missing"
    if unknown := [column for column in header if column not in columns]:
        return f"the columns {', '.join(unknown)} are not known"
    return "a column stands there twice" if len(set(header)) != len(header) else ""


def _row(name: str, line: int, raw: dict[str, str], columns: dict[str, Field[Any, Any]], pet_types: set[int]) -> dict[str, Any]:
    if None in raw or None in raw.values():
        raise ReferenceDataError(name, "has more or fewer values than the header", line=line)
    row: dict[str, Any] = {}
    for column, field in columns.items():
        try:
            row[field.attname] = value_of(field, raw[column].strip(), pet_types)
        except ValidationError as exc:
            raise ReferenceDataError(name, f"{' '.join(exc.messages)} ({raw[column][:60]!r})", line=line, column=column) from exc
    return row


def value_of(field: Field[Any, Any], text: str, pet_types: Collection[int]) -> Any:
    """The value that a cell of a column says; raises ``ValidationError``."""
    if isinstance(field, BooleanField):
        if text.lower() not in {"true", "false"}:
            raise ValidationError(_("must be true or false"))
        return text.lower() == "true"
    if isinstance(field, ForeignKey):
        if not text.isdecimal() or int(text) not in pet_types:
            raise ValidationError(_("is not the id of a pet type"))
        return int(text)
    if field.name == "id":
        if not text.isdecimal() or not 0 < int(text) < FIRST_EDITOR_ID:
            raise ValidationError(f"must be a number from 1 to {FIRST_EDITOR_ID - 1}")
        return int(text)
    if not text:
        return _empty(field)
    return field.clean(text, None)


def _empty(field: Field[Any, Any]) -> Any:
    if field.name == f"name_{CODES[0]}" or not (field.blank or field.null):
        raise ValidationError(_("must not be empty"))
    return None if field.null else ""


def _check_range(model: type[ReferenceRow], name: str, line: int, row: dict[str, Any]) -> None:
    if model.range_columns is None:
        return
    low, high = model.range_columns
    if (row[low] is None) != (row[high] is None) and model is not AgeCategory:
        raise ReferenceDataError(name, f"needs both {low} and {high} or neither", line=line)
    if row[low] is not None and row[high] is not None and row[low] > row[high]:
        raise ReferenceDataError(name, f"must not be below {low}", line=line, column=high)


def _check_unique(name: str, line: int, row: dict[str, Any], seen: dict[tuple[str, ...], int]) -> None:
    species = str(row.get("pet_type_id", ""))
    keys = {"id": ("id", str(row["id"])), "slug": ("slug", species, row["slug"])}
    keys |= {f"name_{code}": (code, species, row[f"name_{code}"].casefold()) for code in CODES if row[f"name_{code}"]}
    for column, key in keys.items():
        if key in seen:
            raise ReferenceDataError(name, f"{key[-1]!r} stands in line {seen[key]} already", line=line, column=column)
        seen[key] = line


def as_text(value: Any) -> str:
    """One spelling per value, to compare what is stored with what a file says."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)
