"""System checks: no column without a declaration, no declaration that export and erasure could not follow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.db import models

from fammo.common.privacy import Erase, personal_columns, undeclared_columns

from .erasing import can_be_blank
from .rows import keys_to_people, our_models, paths_to_person


@register("privacy")
def check_declarations(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every model of ours, whatever part of the project is being checked."""
    return [message for model in our_models() for message in check_model(model)]


def check_model(model: type[models.Model]) -> list[CheckMessage]:
    """What is wrong with the declaration of one model."""
    found: list[CheckMessage] = []
    if undeclared := undeclared_columns(model):
        found.append(_error(model, "E001", f"does not say in `personal` whether {', '.join(undeclared)} can tell about a person"))
    columns = personal_columns(model)
    if not columns:
        return found
    if not (hasattr(model, "rows_about") or paths_to_person(model)):
        found.append(_error(model, "E002", "has personal columns, but no key leads to one person; give it `rows_about(person)`"))
    fates = {column.erase for name, column in columns.items() if name not in keys_to_people(model)}
    if Erase.ROW in fates and len(fates) > 1:
        found.append(_error(model, "E003", "erases its row with one column and keeps it for another"))
    for name, column in columns.items():
        if column.erase is Erase.BLANK and not can_be_blank(model._meta.get_field(name)):
            found.append(_error(model, "E004", f"wants {name} to be blank after an erasure, which the column does not allow"))
    return found


def _error(model: type[models.Model], code: str, sentence: str) -> Error:
    return Error(f"{model._meta.label} {sentence}.", obj=model, id=f"privacy.{code}", hint="fammo.common.privacy tells how.")
