"""Column types of this app."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics import specializations
from clinics.specializations import Specialization


class SpecializationsField(models.JSONField):
    """A list of specialization codes, ticked in the admin."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Known codes in the vocabulary's order; anything else is left for ``validate`` to refuse."""
        value = super().to_python(value)
        return value if not isinstance(value, list) or specializations.unknown(value) else specializations.in_order(value)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if not isinstance(value, list) or specializations.unknown(value):
            raise ValidationError(_("Choose from the list of specializations."), code="invalid_choice")

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.TypedMultipleChoiceField(
            choices=Specialization.choices,
            coerce=str,
            empty_value=[],
            required=False,
            label=self.verbose_name,
            help_text=self.help_text,
            widget=forms.CheckboxSelectMultiple,
        )
