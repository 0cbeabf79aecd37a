"""How people write things that mean something definite."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinics import hours
from clinics.specializations import Specialization

# Python reads more than people mean: 1_0 as ten, and the digits of every script.
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


class PlainFloatField(serializers.FloatField):
    """A number as people write it."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, str) and not NUMBER.fullmatch(data.strip()):
            self.fail("invalid")
        return super().to_internal_value(data)


class CoordinateField(serializers.DecimalField):
    """Degrees as a number or text; more than six decimals are rounded, because phones send fifteen."""

    def __init__(self, limit: int, **kwargs: Any) -> None:
        super().__init__(max_digits=9, decimal_places=6, min_value=-limit, max_value=limit, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or (isinstance(data, str) and not NUMBER.fullmatch(data.strip())):
            self.fail("invalid")
        try:
            number = float(data)
        except (TypeError, ValueError, OverflowError):
            self.fail("invalid")
        if not math.isfinite(number):
            self.fail("invalid")
        return super().to_internal_value(f"{number:.6f}")


class WebsiteField(serializers.URLField):
    """A web address; people leave out the https://."""

    def to_internal_value(self, data: Any) -> str:
        text = str(data).strip()
        return super().to_internal_value(text if "://" in text or not text else f"https://{text}")


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string", "enum": Specialization.values}}]})
class SpecializationsField(serializers.Field):
    """A comma separated text, or a list of codes."""

    default_error_messages = {"invalid": _("Give a text or a list of codes.")}

    def get_value(self, dictionary: Any) -> Any:
        repeated = dictionary.getlist(self.field_name) if hasattr(dictionary, "getlist") else []
        return repeated if len(repeated) > 1 else super().get_value(dictionary)

    def to_internal_value(self, data: Any) -> str | list[str]:
        if isinstance(data, str) and len(data) <= 600:
            return data
        is_list = isinstance(data, list) and len(data) <= 50 and all(isinstance(code, str) for code in data)
        if not is_list:
            self.fail("invalid")
        return data

    def to_representation(self, value: str) -> str:
        return value


@extend_schema_field({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$", "example": "09:00"})
class ClockField(serializers.Field):
    """``09:00``, ``09:00:00`` or ``24:00``; empty means that none is given."""

    default_error_messages = {"invalid": _("Give a time such as 09:00.")}

    def to_internal_value(self, data: Any) -> Any:
        try:
            return hours.parse_time(data)
        except (ValueError, AttributeError):
            self.fail("invalid")

    def to_representation(self, value: Any) -> str:
        return value if isinstance(value, str) else hours.format_time(value)


@extend_schema_field({"type": "string", "format": "date-time", "example": "2026-11-21T18:00:00+02:00"})
class LocalMomentField(serializers.Field):
    """A moment with the offset of the place that it is about."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()
