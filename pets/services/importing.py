"""Bringing a changed sheet back into a reference list: tried out first, then all of it or nothing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from fammo.common.languages import CODES, DEFAULT_CODE
from pets.errors import ImportOutdated
from pets.models import PetType, ReferenceRow
from pets.reference_files import as_text
from pets.reference_import import Problem, SheetRow, read_sheet

if TYPE_CHECKING:
    from fammo.accounts.models import User

Row = Any  # a ReferenceRow with the columns that modeltranslation adds


@dataclass(frozen=True)
class CellChange:
    """A cell that an import changes."""

    line: int
    row: str
    column: str
    before: str
    after: str


@dataclass
class ImportReport:
    """What an import would do or did; with ``problems`` nothing is done."""

    added: list[str] = field(default_factory=list)
    changes: list[CellChange] = field(default_factory=list)
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Equal for two reports that would do the same."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


@transaction.atomic
def try_import(*, model: type[ReferenceRow], content: bytes, may_add: bool) -> ImportReport:
    """What bringing this sheet in would do, with nothing written."""
    return _prepare(model, content, may_add)[0]


@transaction.atomic
def import_rows(*, actor: User, model: type[ReferenceRow], content: bytes, may_add: bool, digest: str) -> ImportReport:
    """Bring the sheet in, all of it or, when there are problems, nothing.

    ``digest`` is that of the report which the actor agreed to; raises ``ImportOutdated`` when it would do something else now.
    """
    report, rows = _prepare(model, content, may_add)
    if report.digest != digest:
        raise ImportOutdated
    if report.problems:
        return report
    with translation.override(DEFAULT_CODE):
        for row in rows:
            action = "wagtail.create" if row._state.adding else "wagtail.edit"
            row.save()
            log(instance=row, action=action, user=actor)
    return report


def _prepare(model: type[ReferenceRow], content: bytes, may_add: bool) -> tuple[ImportReport, list[Row]]:
    """The report and the rows to be saved; existing rows are locked, so that what is judged is what will be."""
    present: dict[int, Row] = models.QuerySet(model).select_for_update().in_bulk()
    sheet = read_sheet(model, content, set(models.QuerySet(PetType).values_list("pk", flat=True)))
    report = ImportReport(problems=sheet.problems)
    to_save = []
    for sheet_row in sheet.rows:
        row = model() if sheet_row.pk is None else present.get(sheet_row.pk)
        if row is None:
            report.problems.append(Problem(_("There is no row with this id."), sheet_row.line, "id"))
        elif row.pk is None and not may_add:
            report.problems.append(Problem(_("You may change rows, not add them."), sheet_row.line))
        elif _apply(row, sheet_row, report):
            to_save.append(row)
    _refuse_equal_names([*present.values(), *(row for row in to_save if row.pk is None)], to_save, report)
    report.problems.sort(key=lambda problem: problem.line)
    return report, to_save


def _apply(row: Row, sheet_row: SheetRow, report: ImportReport) -> bool:
    """Give the row its new values and check them; tells whether anything changes."""
    label = str(getattr(row, f"name_{DEFAULT_CODE}") or sheet_row.values.get(f"name_{DEFAULT_CODE}") or "")
    changes = []
    for column, value in sheet_row.values.items():
        before, after = as_text(getattr(row, column)), as_text(value)
        if before == after:
            continue
        if column == "slug" and row.pk is not None:
            report.problems.append(Problem(_("The slug of a row never changes."), sheet_row.line, column))
        changes.append(CellChange(sheet_row.line, label, column, before, after))
        setattr(row, column, value)
    if not changes:
        report.unchanged += 1
        return False
    row.sheet_line = sheet_row.line
    try:
        row.full_clean(exclude=("slug", "name"))
    except ValidationError as exc:
        for column, messages in exc.message_dict.items():
            report.problems.append(Problem(" ".join(messages), sheet_row.line, "" if column == "__all__" else column))
    if row.pk is None:
        report.added.append(label)
    else:
        report.changed += 1
        report.changes += changes
    return True


def _refuse_equal_names(rows: list[Row], changed: list[Row], report: ImportReport) -> None:
    """Two rows with one name in a list (of one species) would be one row too many."""
    for code in CODES:
        owners: dict[tuple[Any, str], list[Row]] = {}
        for row in rows:
            if name := getattr(row, f"name_{code}"):
                owners.setdefault((getattr(row, "pet_type_id", None), name.casefold()), []).append(row)
        for row in changed:
            name = getattr(row, f"name_{code}") or ""
            if len(owners.get((getattr(row, "pet_type_id", None), name.casefold()), ())) > 1:
                report.problems.append(Problem(_("Another row has this name already."), row.sheet_line, f"name_{code}"))
