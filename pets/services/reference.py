"""Loading the reference lists from their files without ever undoing what an editor decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction
from django.utils import timezone, translation
from wagtail.log_actions import log

from fammo.common.languages import DEFAULT_CODE
from pets import selectors
from pets.errors import ReferenceRowFromFile, ReferenceRowInUse
from pets.models import ReferenceFile, ReferenceRow
from pets.models.reference import FIRST_EDITOR_ID
from pets.reference_files import DIRECTORY, ReferenceDataError, ReferenceList, as_text, hashes, read_lists

if TYPE_CHECKING:
    from fammo.accounts.models import User

Progress = Callable[[str, int], None]


@dataclass
class ListReport:
    """What loading one list did; ``notes`` are sentences for the operator."""

    file_name: str
    rows: int
    added: int = 0
    changed: int = 0
    kept_edits: int = 0
    retired: int = 0
    notes: list[str] = field(default_factory=list)


def load_reference_data(*, directory: Path = DIRECTORY, progress: Progress = lambda _name, _rows: None) -> list[ListReport]:
    """Bring the lists up to the files; files that were loaded already are skipped, and the answer is empty when all were.

    All or nothing. A column that an editor changed since the last load keeps the editor's value. Raises
    ``ReferenceDataError`` at the first fault of a file, with nothing written.
    """
    found = hashes(directory)
    if dict(ReferenceFile.objects.filter(name__in=found).values_list("name", "sha256")) == found:
        return []
    lists = list(read_lists(directory))
    with transaction.atomic(), translation.override(DEFAULT_CODE):
        _wait_for_other_loaders()
        loaded = dict(ReferenceFile.objects.values_list("name", "sha256"))
        reports = []
        for each in lists:
            if loaded.get(each.file_name) != each.sha256:
                reports.append(_load_list(each))
            progress(each.file_name, len(each.rows))
    return reports


@transaction.atomic
def load_list(*, source: ReferenceList) -> ListReport | None:
    """Bring a list of another app up to its file, as ``load_reference_data`` does with ours; None when it was loaded already."""
    with translation.override(DEFAULT_CODE):
        _wait_for_other_loaders()
        if ReferenceFile.objects.filter(name=source.file_name, sha256=source.sha256).exists():
            return None
        return _load_list(source)


@transaction.atomic
def delete_reference_rows(*, rows: Iterable[ReferenceRow], actor: User) -> int:
    """Remove rows that editors made and nobody uses; gives how many, all or none.

    Raises ``ReferenceRowInUse`` and ``ReferenceRowFromFile`` for others: such rows are retired instead.
    """
    count = 0
    for row in rows:
        # Locked: who chooses the row at this moment waits, and then finds that it is gone.
        models.QuerySet(type(row)).select_for_update().get(pk=row.pk)
        refuse_deleting(row)
        log(instance=row, action="wagtail.delete", user=actor, deleted=True)
        row.delete()
        count += 1
    return count


def refuse_deleting(row: ReferenceRow) -> None:
    """Raises ``ReferenceRowInUse`` or ``ReferenceRowFromFile`` for a row that may only be retired."""
    if usage := selectors.usage_count(row):
        raise ReferenceRowInUse(usage)
    if row.is_from_file:
        raise ReferenceRowFromFile


def _wait_for_other_loaders() -> None:
    # SQLite's transactions are exclusive from the start; on PostgreSQL two servers may start at once on one database.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(ReferenceFile._meta.db_table)} IN EXCLUSIVE MODE")


def _load_list(source: ReferenceList) -> ListReport:
    report = ListReport(source.file_name, len(source.rows))
    rows: models.QuerySet[Any] = models.QuerySet(source.model)  # without modeltranslation's rewriting: columns are named one by one
    present = rows.in_bulk()
    taken = {_key(row): row.pk for row in present.values()}
    create, update = [], []
    for line, values in zip(source.lines, source.rows, strict=True):
        row = present.get(values["id"])
        if row is None and (owner := taken.get(_key(values))):
            report.notes.append(f"{source.file_name}, line {line}: left out, row {owner} made in the admin has the slug {values['slug']}")
        elif row is None:
            create.append(source.model(**values, loaded=_as_texts(values)))
        elif row.slug != values["slug"] and row.slug == row.loaded.get("slug"):
            raise ReferenceDataError(
                source.file_name, f"the slug of id {row.pk} was {row.slug!r} and may not change", line=line, column="slug"
            )
        elif _merge(row, values, report):
            update.append(row)
    gone = [row for pk, row in present.items() if row.loaded and not row.is_retired and pk not in {v["id"] for v in source.rows}]
    for row in gone:
        row.is_retired = True
    report.added, report.retired = len(create), len(gone)
    _store(rows, create, [*update, *gone])
    _leave_room_for_editors(source.model)
    ReferenceFile.objects.update_or_create(
        name=source.file_name,
        defaults={"sha256": source.sha256, "row_count": len(source.rows), "loaded_at": timezone.now()},
    )
    return report


def _key(row: ReferenceRow | dict[str, Any]) -> tuple[Any, str]:
    if isinstance(row, dict):
        return row.get("pet_type_id"), row["slug"]
    return getattr(row, "pet_type_id", None), row.slug


def _merge(row: ReferenceRow, values: dict[str, Any], report: ListReport) -> bool:
    """Take the file's value of each column that still holds what the last load wrote; tells whether anything is to be stored."""
    changed = kept = False
    for name, value in values.items():
        current = getattr(row, name)
        if as_text(current) == as_text(value):
            continue
        if name in row.loaded and as_text(current) != row.loaded[name]:
            kept = True
            continue
        setattr(row, name, value)
        changed = True
    report.changed += changed
    report.kept_edits += kept
    texts = _as_texts(values)
    changed |= row.loaded != texts
    row.loaded = texts
    return changed


def _store(rows: models.QuerySet[Any], create: list[ReferenceRow], update: list[ReferenceRow]) -> None:
    names = [field.name for field in rows.model._meta.concrete_fields if not field.primary_key]
    rows.bulk_create(create, batch_size=200)
    if update:
        rows.bulk_update(update, names, batch_size=50)


def _leave_room_for_editors(model: type[ReferenceRow]) -> None:
    """Rows made in the admin get ids from ``FIRST_EDITOR_ID`` on: no later file can collide with them."""
    table = model._meta.db_table
    last = FIRST_EDITOR_ID - 1
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT setval(pg_get_serial_sequence(%s, 'id'), GREATEST(MAX(id), %s)) FROM {quoted}", [table, last])  # noqa: S608
        else:
            cursor.execute("UPDATE sqlite_sequence SET seq = MAX(seq, %s) WHERE name = %s", [last, table])


def _as_texts(values: dict[str, Any]) -> dict[str, str]:
    return {name: as_text(value) for name, value in values.items() if name != "id"}
