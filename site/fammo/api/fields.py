"""Sparse answers: ``fields=id,name`` leaves only these members of the answer, or of each entry of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

FIELDS = "fields"


def only(asked: str | None, data: Any) -> Any:
    """The data with the members that were asked for; all of it if nobody asked. Raises 400 for a member that is not there."""
    if not asked:
        return data
    names = list(dict.fromkeys(name.strip() for name in asked.split(",")))
    if isinstance(data, Mapping) and _is_page(data):
        return {**data, "results": _of_rows(data["results"], names)}
    return _of_rows([data], names)[0] if isinstance(data, Mapping) else _of_rows(data, names)


def _is_page(data: Mapping[str, Any]) -> bool:
    return {"next", "previous", "results"} <= set(data)


def _of_rows(rows: Any, names: Sequence[str]) -> Any:
    if not isinstance(rows, Sequence) or not rows or not all(isinstance(row, Mapping) for row in rows):
        return rows
    known = set(rows[0])
    if unknown := [name for name in names if name not in known]:
        sentence = _("There is no such member: %(unknown)s. Allowed values: %(known)s.")
        raise ValidationError(
            {FIELDS: [sentence % {"unknown": ", ".join(unknown), "known": ", ".join(sorted(known))}]}, code="unknown_field"
        )
    return [{name: row[name] for name in names} for row in rows]
