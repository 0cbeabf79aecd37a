"""Erasing a person from every table, by declaration; the caller's transaction makes it all or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models, transaction

from fammo.common.privacy import Erase, Person, personal_columns

from .rows import keys_to_people, library_models, personal_models, rows_about

Eraser = Callable[[models.QuerySet[Any], Person], Iterable[str]]
Sweeper = Callable[[Person, dict[type[models.Model], list[Any]]], object]

EMPTYABLE = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)

_erasers: dict[type[models.Model], Eraser] = {}
_sweepers: list[Sweeper] = []


def register_eraser(model: type[models.Model]) -> Callable[[Eraser], Eraser]:
    """For an app whose rows are more than rows (pages, files with derivatives): the function removes these instead of a plain delete.

    It runs in the erasure's transaction, before the rows of other models go, must leave none of its own, and gives the names of
    the files that nobody needs any more.
    """

    def decorate(eraser: Eraser) -> Eraser:
        _erasers[model] = eraser
        return eraser

    return decorate


def register_sweeper(sweeper: Sweeper) -> Sweeper:
    """For what lies outside of our tables (logs of libraries, caches): called last, with the keys of all rows that went."""
    if sweeper not in _sweepers:
        _sweepers.append(sweeper)
    return sweeper


@transaction.atomic
def erase(person: Person) -> list[str]:
    """Remove the person, the account included; gives the names of stored files that nobody needs any more, for the caller to delete.

    What must outlive the person (proofs) stays without its link to them. Rows that merely name the person (who approved
    something) lose the name by the key's own ``on_delete``.
    """
    models_ = sorted(personal_models(), key=lambda model: model not in _erasers)
    gone = {model: list(rows_about(model, person).values_list("pk", flat=True)) for model in models_ if _goes(model)}
    files = [name for model in library_models() for name in _files_of(rows_about(model, person))]
    for model in models_:
        rows = rows_about(model, person)
        if model in _erasers:
            files += _erasers[model](rows, person)
        elif _goes(model):
            files += _files_of(rows)
            rows.delete()
        else:
            _empty(rows)
    for sweep in _sweepers:
        sweep(person, gone)
    return files


def can_be_blank(field: Any) -> bool:
    """Whether a row can go on without a value in this column."""
    return bool(field.null) or isinstance(field, EMPTYABLE)


def _goes(model: type[models.Model]) -> bool:
    return any(column.erase is Erase.ROW for column in personal_columns(model).values())


def _empty(rows: models.QuerySet[Any]) -> None:
    """Blank columns and pseudonyms; the names of people in foreign keys go by the keys' own ``on_delete``."""
    model = rows.model
    fates = {model._meta.get_field(name): column.erase for name, column in personal_columns(model).items()}
    fates = {field: fate for field, fate in fates.items() if field.name not in keys_to_people(model)}
    blanks = {field.name: _blank(field) for field, fate in fates.items() if fate is Erase.BLANK}
    renamed = [field for field, fate in fates.items() if fate is Erase.PSEUDONYM]
    for key in list(rows.values_list("pk", flat=True)) if blanks or renamed else ():
        # With the plain queryset: registers that refuse changes do so in a class of their own.
        models.QuerySet(model).filter(pk=key).update(**blanks, **{field.name: _pseudonym(field) for field in renamed})


def _blank(field: Any) -> Any:
    if field.null:
        return None
    return field.default() if callable(field.default) else b"" if isinstance(field, models.BinaryField) else ""


def _pseudonym(field: Any) -> Any:
    """A value that leads to nobody and collides with none."""
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    name = f"erased-{uuid.uuid4().hex}"
    return f"{name}@erased.invalid" if isinstance(field, models.EmailField) else name[: field.max_length]


def _files_of(rows: models.QuerySet[Any]) -> list[str]:
    fields = [field.name for field in rows.model._meta.concrete_fields if isinstance(field, models.FileField)]
    return [name for field in fields for name in rows.values_list(field, flat=True) if name]
