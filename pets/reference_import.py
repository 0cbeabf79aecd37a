"""A reference list as a spreadsheet that editors take out, change and bring back: reading it, pure, with every fault named.

The columns are those of the repository's files, and ``is_retired``. A column that is left out stays as it is; a row
without an id is new.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field
from django.utils.translation import gettext as _

from .models import ReferenceRow
from .reference_files import columns_of, value_of

MAX_BYTES = 2 * 1024 * 1024
MAX_ID_DIGITS = 18


@dataclass(frozen=True)
class Problem:
    """Why an import cannot be: a sentence, and where in the file."""

    message: str
    line: int
    column: str = ""


@dataclass(frozen=True)
class SheetRow:
    """One line of a sheet: the row that it is about (None: a new one) and the values that it gives, by attribute name."""

    line: int
    pk: int | None
    values: dict[str, Any]


@dataclass
class Sheet:
    """What could be read, and what could not."""

    rows: list[SheetRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def sheet_columns(model: type[ReferenceRow]) -> dict[str, Field[Any, Any]]:
    """The columns that a list's sheet may have, by name."""
    retired: Any = model._meta.get_field("is_retired")
    return {**columns_of(model), "is_retired": retired}


def read_sheet(model: type[ReferenceRow], content: bytes, pet_types: Collection[int]) -> Sheet:
    """The rows of a CSV file in UTF-8, split by commas or semicolons as spreadsheets write it."""
    sheet = Sheet()
    try:
        text = content.decode("utf-8-sig")
        header_line = text.partition("\n")[0]
        separator = ";" if header_line.count(";") > header_line.count(",") else ","
        lines = list(_lines(text, separator))
        is_text = "\0" not in text
    except (UnicodeDecodeError, csv.Error):
        is_text = False
    if not is_text:
        sheet.problems.append(Problem(_("The file cannot be read. Please save it as CSV in UTF-8."), 1))
        return sheet
    columns = sheet_columns(model)
    header = [cell.strip() for cell in lines[0][1]] if lines else []
    sheet.problems += _header_problems(header, columns)
    if sheet.problems:
        return sheet
    seen: dict[str, int] = {}
    for number, cells in lines[1:]:
        if len(cells) != len(header):
            sheet.problems.append(Problem(_("This line has more or fewer cells than the first one."), number))
            continue
        row = _read_row(number, dict(zip(header, cells, strict=True)), columns, pet_types, sheet.problems)
        if row is None:
            continue
        if row.pk is not None and (first := seen.setdefault(str(row.pk), number)) != number:
            sheet.problems.append(Problem(_("This row stands in line %(line)d already.") % {"line": first}, number, "id"))
        sheet.rows.append(row)
    return sheet


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def _header_problems(header: list[str], columns: dict[str, Any]) -> list[Problem]:
    problems = [
        Problem(_("There is no such column in this list: %(name)s.") % {"name": name[:60]}, 1) for name in header if name not in columns
    ]
    if "id" not in header:
        problems.append(Problem(_("The column id is missing: it says which row is meant."), 1))
    if len(set(header)) != len(header):
        problems.append(Problem(_("A column stands there twice."), 1))
    return problems


def _read_row(
    number: int, cells: dict[str, str], columns: dict[str, Field[Any, Any]], pet_types: Collection[int], problems: list[Problem]
) -> SheetRow | None:
    pk_text = cells.pop("id").strip()
    pk = int(pk_text) if pk_text.isdecimal() and len(pk_text) <= MAX_ID_DIGITS else None
    if pk is None and pk_text:
        problems.append(Problem(_("An id is a number, or empty for a new row."), number, "id"))
        return None
    values = {}
    for name, text in cells.items():
        if name == "slug" and not text.strip() and pk is None:
            continue  # a new row gets one by itself
        try:
            values[columns[name].attname] = value_of(columns[name], text.replace("\r\n", "\n").strip(), pet_types)
        except ValidationError as exc:
            problems.append(Problem(" ".join(exc.messages), number, name))
    return SheetRow(number, pk, values)
