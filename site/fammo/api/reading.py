"""Serializers that only show: what they do to a row is worked out once per class, not once per row.

DRF copies every field for every serializer and asks each of them in several calls. A list of nested rows spends nearly all its
time there. What is declared stays the same, for readers and for the OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, ClassVar, TypeVar

from rest_framework import serializers

T = TypeVar("T")
Get = Callable[[Any], Any]
Show = Callable[[Any], Any]
Column = tuple[str, Get, Get, Show]

# Whose ``to_representation`` is nothing but this.
PLAIN: Mapping[type[serializers.Field[Any, Any, Any, Any]], Show] = {
    serializers.CharField: str,
    serializers.EmailField: str,
    serializers.SlugField: str,
    serializers.URLField: str,
    serializers.IntegerField: int,
    serializers.FloatField: float,
    serializers.BooleanField: bool,
}


class ReadSerializer(serializers.Serializer[T]):
    """Base of serializers for answers. ``read(row)`` is the answer's plain dict; ``.data`` gives the same.

    Rows are objects, or mappings; None stays None. ``left_out_when_none`` names what is absent rather than null.
    """

    left_out_when_none: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def read(cls, row: T) -> dict[str, Any]:
        shown = {}
        is_mapping = isinstance(row, Mapping)
        for name, of_object, of_mapping, show in _columns(cls):
            value = of_mapping(row) if is_mapping else of_object(row)
            if value is not None:
                shown[name] = show(value)
            elif name not in cls.left_out_when_none:
                shown[name] = None
        return shown

    def to_representation(self, instance: T) -> dict[str, Any]:
        return self.read(instance)


@cache
def _columns(serializer: type[ReadSerializer[Any]]) -> tuple[Column, ...]:
    return tuple(_column(field) for field in serializer()._readable_fields)


def _column(field: serializers.Field[Any, Any, Any, Any]) -> Column:
    name, path = str(field.field_name), field.source_attrs
    if isinstance(field, serializers.SerializerMethodField):
        return name, field.to_representation, field.to_representation, lambda value: value
    if len(path) > 1:
        return name, _along(path), _along(path), _show(field)
    return name, attrgetter(path[0]), itemgetter(path[0]), _show(field)


def _along(path: list[str]) -> Get:
    """The value at the end of a path of names; None as soon as there is none."""

    def get(row: Any) -> Any:
        for name in path:
            row = row[name] if isinstance(row, Mapping) else getattr(row, name)
            if row is None:
                return None
        return row

    return get


def _show(field: serializers.Field[Any, Any, Any, Any]) -> Show:
    if isinstance(field, serializers.ListSerializer) and field.child is not None:
        return _list_of(_show(field.child))
    if isinstance(field, ReadSerializer) and type(field).to_representation is ReadSerializer.to_representation:
        return type(field).read
    if isinstance(field, serializers.ListField) and field.child is not None:
        return _list_of(_show(field.child))
    return PLAIN.get(type(field), field.to_representation)


def _list_of(show: Show) -> Show:
    return lambda rows: [show(row) for row in rows]
