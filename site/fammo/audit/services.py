"""Writing the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from structlog.contextvars import get_contextvars

from fammo.common.privacy import Personal, declared_columns

from .models import Entry

if TYPE_CHECKING:
    from fammo.accounts.models import User

MASK = "•••"
Columns = Mapping[str, Any]


@transaction.atomic
def record(
    verb: models.TextChoices,
    *,
    actor: User | None,
    target: models.Model | None,
    before: Columns | None = None,
    after: Columns | None = None,
    outcome: Entry.Outcome = Entry.Outcome.DONE,
    detail: str = "",
) -> Entry:
    """Write that ``actor`` did this to ``target``; None is the system, or an act upon nothing in particular.

    ``before`` and ``after`` hold columns of the target by name (``columns_of``); of two values only a change is kept, of a personal
    column only that it changed. ``detail`` is for a code or a number, never for words about a person. Raises ``ValueError``
    for a column whose privacy nobody has declared.
    """
    before, after = _differences(before or {}, after or {})
    return Entry.objects.create(
        verb=verb.value,
        outcome=outcome,
        actor_id=actor.pk if actor is not None else None,
        object_type=target._meta.label_lower if target is not None else "",
        object_id=str(target.pk) if target is not None else "",
        before=_presentable(target, before),
        after=_presentable(target, after),
        detail=detail[:255],
        request_id=get_contextvars().get("request_id", "")[:64],
    )


def columns_of(instance: models.Model, *names: str) -> dict[str, Any]:
    """The values of these columns now, for ``before`` and ``after``."""
    fields = {field.name: field for field in instance._meta.concrete_fields}
    return {name: fields[name].value_from_object(instance) for name in names}


def _differences(before: Columns, after: Columns) -> tuple[Columns, Columns]:
    same = {name for name in before.keys() & after.keys() if before[name] == after[name]}
    return {name: before[name] for name in before if name not in same}, {name: after[name] for name in after if name not in same}


def _presentable(target: models.Model | None, values: Columns) -> dict[str, Any]:
    if not values:
        return {}
    if target is None:
        raise ValueError("Values of nothing cannot be written to the audit log.")
    declared = declared_columns(type(target))
    if unknown := sorted(set(values) - set(declared)):
        raise ValueError(f"{target._meta.label} does not declare {', '.join(unknown)} (fammo.common.privacy).")
    return {name: _masked(value) if isinstance(declared[name], Personal) else value for name, value in values.items()}


def _masked(value: Any) -> Any:
    return value if value in (None, "") else MASK
