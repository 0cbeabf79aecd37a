"""What is personal is declared once, column by column, on the model that keeps it (design D15).

A model says ``personal = {"phone": Personal(...), "created_at": NOT_PERSONAL}``; export, erasure, log redaction and AI prompts
read it from here. ``undeclared_columns`` names what somebody forgot. Which rows are about whom the foreign keys tell; a model
whose keys do not tell it says so itself: ``rows_about(person)``, a class method that gives a queryset (``fammo.privacy.rows``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from django.db import models


class Erase(Enum):
    """What erasing a person does to a column."""

    ROW = "row"  # goes with the whole row
    BLANK = "blank"  # the row stays, the value becomes empty
    PSEUDONYM = "pseudonym"  # the row stays, the value is replaced by one that leads to nobody
    KEEP = "keep"  # kept as it is, because a law or a proof needs it; the retention says for how long


@dataclass(frozen=True, kw_only=True)
class Personal:
    """One personal column: why it is kept and how long (in words for the person), whether an export shows it, what erasing does.

    ``for_model``: says nothing about who the person is, so a language model may be sent it with the person's consent.
    """

    purpose: str
    retention: str
    export: bool = True
    erase: Erase = Erase.ROW
    for_model: bool = False


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whom an export or an erasure is about: the account's id and every address under which we may have written to them."""

    id: int
    addresses: frozenset[str]


class NotPersonal:
    """The declaration of a column that says nothing about a person; use the one instance ``NOT_PERSONAL``."""

    def __repr__(self) -> str:
        return "NOT_PERSONAL"


NOT_PERSONAL: Final = NotPersonal()
Declaration = Mapping[str, Personal | NotPersonal]


def declared_columns(model: type[models.Model]) -> dict[str, Personal | NotPersonal]:
    """Every declaration of the model by field name, parents included; a child's word beats its parent's."""
    declared: dict[str, Personal | NotPersonal] = {}
    for base in reversed(model.__mro__):
        declared |= base.__dict__.get("personal", {})
    return declared


def personal_columns(model: type[models.Model]) -> dict[str, Personal]:
    """The personal columns of the model alone."""
    return {name: column for name, column in declared_columns(model).items() if isinstance(column, Personal)}


def columns_for_model(model: type[models.Model]) -> frozenset[str]:
    """The fields of the model whose values a language model may be sent; what nobody has declared so is not among them."""
    return frozenset(name for name, column in personal_columns(model).items() if column.for_model)


def undeclared_columns(model: type[models.Model]) -> list[str]:
    """The stored fields of the model, many-to-many ones included, that nobody has declared."""
    declared = declared_columns(model)
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    return [field.name for field in fields if field.name not in declared]
