"""Which rows are about a person: read from the foreign keys, so that a new model takes part by its declaration alone.

A row belongs to whom it would be deleted with (a chain of CASCADE keys that ends at the account); a row without such a chain
belongs to the one person it names. Where neither says it, the model does: ``rows_about(person)``, a class method.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q

from fammo.common.privacy import Person, personal_columns

LONGEST_CHAIN = 5


def our_models() -> Iterator[type[models.Model]]:
    """The models of this project's own apps that have a table, not those of libraries."""
    for config in apps.get_app_configs():
        if _is_ours(config):
            yield from (model for model in config.get_models() if model._meta.managed and not model._meta.proxy)


def personal_models() -> list[type[models.Model]]:
    """Our models with personal columns, whatever hangs from others first and the account itself last."""
    found = [model for model in our_models() if personal_columns(model)]
    return sorted(
        found, key=lambda model: (model is get_user_model(), -max((path.count("__") for path in paths_to_person(model)), default=0))
    )


def library_models() -> list[type[models.Model]]:
    """Models of libraries whose rows hang from an account and go with it."""
    ours = set(our_models())
    return [model for model in apps.get_models() if model not in ours and paths_to_person(model)]


def rows_about(model: type[models.Model], person: Person) -> models.QuerySet[Any]:
    """The rows of the model that are about the person, each once."""
    own = getattr(model, "rows_about", None)
    if own is not None:
        rows: models.QuerySet[Any] = own(person)
        return rows
    condition = Q(pk__in=())
    for path in paths_to_person(model):
        condition |= Q(**{path: person.id})
    # By key and not by join: of two ways to the same person each row still comes once.
    return model._base_manager.filter(pk__in=model._base_manager.filter(condition).values("pk"))


@cache
def paths_to_person(model: type[models.Model]) -> tuple[str, ...]:
    """Every lookup that leads from a row to its person; empty where the keys do not tell."""
    user = get_user_model()
    if model is user:
        return ("pk",)
    return tuple(_owners(model, ())) or _named(model)


def keys_to_people(model: type[models.Model]) -> frozenset[str]:
    """The foreign keys to an account, whoever's."""
    return frozenset(field.name for field in model._meta.concrete_fields if field.related_model is get_user_model())


def _owners(model: type[models.Model], seen: tuple[type[models.Model], ...]) -> Iterator[str]:
    if len(seen) == LONGEST_CHAIN:
        return
    for field in model._meta.concrete_fields:
        target: Any = field.related_model
        if target is None or getattr(field.remote_field, "on_delete", None) is not models.CASCADE:
            continue
        if target is get_user_model():
            yield field.name
        elif target not in (*seen, model):
            yield from (f"{field.name}__{path}" for path in _owners(target, (*seen, model)))


def _named(model: type[models.Model]) -> tuple[str, ...]:
    """The one person whom a row names without belonging to them (who decided, who published); of two nobody can say whose it is."""
    named = keys_to_people(model) & set(personal_columns(model))
    return tuple(named) if len(named) == 1 else ()


def _is_ours(config: AppConfig) -> bool:
    return "site-packages" not in config.path
