"""A person's data as they may take it along: a ZIP with one JSON document and the files it names."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from fammo.common.privacy import Person, personal_columns

from .rows import keys_to_people, paths_to_person, personal_models, rows_about

DOCUMENT = "data.json"


@dataclass(frozen=True)
class ExportedFile:
    """A stored file and its name in the archive."""

    stored_name: str
    archive_name: str


def write_archive(person: Person, target: IO[bytes]) -> None:
    """Write the archive; a stored file that is missing is left out of it and said so in the document."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        document, files = collect(person)
        missing = [file.archive_name for file in files if not _add(archive, file)]
        archive.writestr(DOCUMENT, to_json(document | {"missing_files": missing}))


class _Encoder(DjangoJSONEncoder):
    """Values of library fields (phone numbers) as people write them."""

    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def to_json(document: dict[str, Any]) -> str:
    return json.dumps(document, cls=_Encoder, ensure_ascii=False, indent=2)


def collect(person: Person) -> tuple[dict[str, Any], list[ExportedFile]]:
    """Every exported column of every row about the person, with why each column is kept and until when."""
    files: list[ExportedFile] = []
    parts = [part for model in sorted(personal_models(), key=lambda model: model._meta.label) if (part := _part(model, person, files))]
    return {"person": person.id, "exported_at": timezone.now(), "parts": parts}, files


def _part(model: type[models.Model], person: Person, files: list[ExportedFile]) -> dict[str, Any] | None:
    columns = {name: column for name, column in personal_columns(model).items() if column.export}
    rows = rows_about(model, person).order_by("pk")
    if not columns or not rows.exists():
        return None
    names = [*_links(model, list(columns)), *columns]
    return {
        "kind": model._meta.label_lower,
        "what": str(model._meta.verbose_name_plural),
        "columns": {name: {"purpose": column.purpose, "retention": column.retention} for name, column in columns.items()},
        "rows": [dict(_values(row, names, person, files)) for row in rows.iterator(chunk_size=200)],
    }


def _links(model: type[models.Model], declared: list[str]) -> list[str]:
    """What ties the rows of different parts together: the row's own key and the key of what it hangs from."""
    ways = [path.partition("__")[0] for path in paths_to_person(model) if "__" in path]
    key = model._meta.pk
    names = [key.name if key is not None else "id", *ways]
    return [name for name in dict.fromkeys(names) if name not in declared]


def _values(row: models.Model, names: list[str], person: Person, files: list[ExportedFile]) -> Iterator[tuple[str, Any]]:
    for name in names:
        field: Any = row._meta.get_field(name)
        if name in keys_to_people(type(row)) and field.value_from_object(row) not in {None, person.id}:
            continue  # somebody else's account is not this person's to know
        yield name, _value(row, field, files)


def _value(row: models.Model, field: Any, files: list[ExportedFile]) -> Any:
    if field.many_to_many:
        return [_reference(other) for other in getattr(row, field.name).all()]
    if isinstance(field, models.FileField):
        return _file(str(getattr(row, field.name) or ""), row, files)
    if field.is_relation:
        other = getattr(row, field.name)
        return None if other is None else _reference(other)
    return field.value_from_object(row)


def _reference(other: models.Model) -> Any:
    return {"id": other.pk, "name": str(other)}


def _file(stored_name: str, row: models.Model, files: list[ExportedFile]) -> str | None:
    if not stored_name:
        return None
    archive_name = f"files/{row._meta.model_name}-{row.pk}{PurePosixPath(stored_name).suffix}"
    files.append(ExportedFile(stored_name, archive_name))
    return archive_name


def _add(archive: zipfile.ZipFile, file: ExportedFile) -> bool:
    try:
        with default_storage.open(file.stored_name) as stored, archive.open(file.archive_name, "w") as entry:
            for chunk in stored.chunks():
                entry.write(chunk)
    except FileNotFoundError:
        return False
    return True
