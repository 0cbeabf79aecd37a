"""What we hold about a person, counted: the receipt of an erasure, before it and after."""

from __future__ import annotations

from typing import TypedDict

from django.db import models

from fammo.common.privacy import Erase, Person, personal_columns

from .rows import personal_models, rows_about


class ErasedPart(TypedDict):
    """Rows that go, of one kind."""

    kind: str
    what: str
    rows: int


class KeptPart(TypedDict):
    """Rows that stay, of one kind: which columns of them, why, and for how long."""

    kind: str
    what: str
    rows: int
    columns: list[str]
    why: list[str]
    until: list[str]


class Inventory(TypedDict):
    """All that we hold about a person: what goes, what stays without leading to them, and what stays as it is."""

    erased: list[ErasedPart]
    unlinked: list[ErasedPart]
    kept: list[KeptPart]


def take_inventory(person: Person) -> Inventory:
    """What erasing the person removes and what it keeps; kinds of which there is nothing are left out."""
    found: Inventory = {"erased": [], "unlinked": [], "kept": []}
    for model in sorted(personal_models(), key=lambda model: model._meta.label):
        count = rows_about(model, person).count()
        if not count:
            continue
        fates = {column.erase for column in personal_columns(model).values()}
        if Erase.KEEP in fates:
            found["kept"].append(_kept(model, count))
        else:
            found["erased" if Erase.ROW in fates else "unlinked"].append(_part(model, count))
    return found


def _part(model: type[models.Model], count: int) -> ErasedPart:
    return {"kind": model._meta.label_lower, "what": str(model._meta.verbose_name_plural), "rows": count}


def _kept(model: type[models.Model], count: int) -> KeptPart:
    staying = {name: column for name, column in personal_columns(model).items() if column.erase is Erase.KEEP}
    return {
        **_part(model, count),
        "columns": list(staying),
        "why": sorted({column.purpose for column in staying.values()}),
        "until": sorted({column.retention for column in staying.values()}),
    }
