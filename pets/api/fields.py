"""Input fields of pets: relations by id in one query each, and weights as scales give them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

from pets import weights
from pets.models import ReferenceRow

MAX_ID = 2**63 - 1
MAX_CHOICES = 200


def as_id(value: Any) -> int | None:
    """The id that a value says, as JSON number or as text of a form; None when it says none."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 19:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_ID else None


@extend_schema_field({"type": "integer"})
class ReferenceField(serializers.Field[ReferenceRow, Any, int, Any]):
    """A row of a reference list, by its id."""

    default_error_messages = {
        "not_an_id": _("Please give the id of a row of this list."),
        "unknown": _("There is no row with the id %(id)d in this list."),
    }

    def __init__(self, model: type[ReferenceRow], **kwargs: Any) -> None:
        self.model = model
        super().__init__(**kwargs)

    def get_value(self, dictionary: Any) -> Any:
        value = super().get_value(dictionary)
        return None if value == "" and self.allow_null else value

    def to_internal_value(self, data: Any) -> ReferenceRow:
        pk = as_id(data)
        if pk is None:
            self.fail("not_an_id")
        row: ReferenceRow | None = QuerySet(self.model).filter(pk=pk).first()
        if row is None:
            raise serializers.ValidationError(self.error_messages["unknown"] % {"id": pk}, code="unknown")
        return row

    def to_representation(self, value: ReferenceRow) -> int:
        return value.pk


@extend_schema_field({"type": "array", "items": {"type": "integer"}})
class ReferenceListField(serializers.Field[list[ReferenceRow], Any, list[int], Any]):
    """Rows of a reference list, by their ids: a JSON array, or a repeated part of a form (one empty part clears the list)."""

    default_error_messages = {
        "not_a_list": _("Please give a list of ids."),
        "too_many": _("This list is too long."),
        "unknown": _("There is no row with the id %(id)s in this list."),
    }

    def __init__(self, model: type[ReferenceRow], **kwargs: Any) -> None:
        self.model = model
        super().__init__(**kwargs)

    def get_value(self, dictionary: Any) -> Any:
        if not hasattr(dictionary, "getlist"):
            return super().get_value(dictionary)
        return [part for part in dictionary.getlist(self.field_name) if part != ""] if self.field_name in dictionary else empty

    def to_internal_value(self, data: Any) -> list[ReferenceRow]:
        if not isinstance(data, list):
            self.fail("not_a_list")
        if len(data) > MAX_CHOICES:
            self.fail("too_many")
        ids = [as_id(value) for value in data]
        rows: dict[int, ReferenceRow] = QuerySet(self.model).in_bulk([pk for pk in ids if pk])
        for value, pk in zip(data, ids, strict=True):
            if pk is None or pk not in rows:
                raise serializers.ValidationError(self.error_messages["unknown"] % {"id": str(value)[:40]}, code="unknown")
        return list(rows.values())

    def to_representation(self, value: Any) -> list[int]:
        return [row.pk for row in value.all()]


class WeightField(serializers.DecimalField):
    """Kilograms: to ten grams, and to one gram for the small who weigh less than one kilogram.

    What a scale or a conversion from pounds gives more is rounded; written are at least two decimals ("25.50", "0.035").
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=7, decimal_places=3, **kwargs)

    def get_value(self, dictionary: Any) -> Any:
        value = super().get_value(dictionary)
        return None if value == "" and self.allow_null else value

    def validate_precision(self, value: Decimal) -> Decimal:
        try:
            value = weights.rounded(value)
        except InvalidOperation:
            self.fail("max_digits", max_digits=self.max_digits)
        return super().validate_precision(value)

    def to_representation(self, value: Decimal) -> str:
        return weights.text(value)


@extend_schema_field({"type": "string", "format": "binary", "nullable": True})
class PhotoField(serializers.Field[UploadedFile | None, Any, str, Any]):
    """A file part; empty or null removes the photo. The pet's own address, sent back as it was read, changes nothing."""

    default_error_messages = {"not_a_file": _("Please send the photo as a file part of a multipart form.")}

    def get_value(self, dictionary: Any) -> Any:
        value = super().get_value(dictionary)
        return None if value == "" else value

    def to_internal_value(self, data: Any) -> UploadedFile:
        if isinstance(data, UploadedFile):
            return data
        own = self.context.get("photo_name")
        if not (own and isinstance(data, str) and own in data):
            self.fail("not_a_file")
        raise serializers.SkipField

    def to_representation(self, value: Any) -> str:
        return str(value)
