"""Filtering and sorting of lists: ``field=`` or ``filter[field]=``, ``sort=field,-other``; what is not declared is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend

SORT = "sort"
LARGEST = 2**63 - 1


def bracketed(name: str) -> str:
    return f"filter[{name}]"


def refuse_unknown(sent: Iterable[str], allowed: Iterable[str]) -> None:
    """A parameter that nobody reads is a typo; answering it with the full list would hide it."""
    known = set(allowed)
    unknown = sorted(set(sent) - known)
    if unknown:
        sentence = _("There is no such parameter here. Allowed values: %(known)s.") % {"known": ", ".join(sorted(known)) or "-"}
        raise ValidationError({name: [sentence] for name in unknown}, code="unknown_parameter")


class FilterBackend(DjangoFilterBackend):
    """django-filter's backend that understands ``filter[field]=`` too and answers bad values with 400."""

    def filter_queryset(self, request: Any, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is not None and filterset.is_valid():
            large = [name for name, value in filterset.form.cleaned_data.items() if isinstance(value, Decimal) and abs(value) > LARGEST]
            if large:  # more than a column takes: databases break on it
                raise ValidationError({name: [_("The number is too large.")] for name in large})
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered

    def get_filterset_kwargs(self, request: Any, queryset: QuerySet[Any], view: Any) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_filterset_kwargs(request, queryset, view)
        data = QueryDict(mutable=True)
        for name, values in request.query_params.lists():
            inner = name[7:-1] if name.startswith("filter[") and name.endswith("]") else name
            data.setlist(inner, data.getlist(inner) + values)
        return kwargs | {"data": data}

    def query_parameters(self, view: Any) -> Iterable[str]:
        filterset = self.get_filterset_class(view, view.get_queryset())
        names = list(filterset.base_filters) if filterset else []
        return [*names, *map(bracketed, names)]


class SortBackend(BaseFilterBackend):
    """``sort=`` over the view's ``sort_fields``: names for callers, mapped to ORM paths; a leading minus turns it round."""

    def filter_queryset(self, request: Any, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        asked = request.query_params.get(SORT)
        if not asked:
            return queryset
        fields = self._fields(view)
        names = [name.strip() for name in asked.split(",")]
        unknown = [name for name in names if name.removeprefix("-") not in fields]
        if unknown:
            sentence = _("Sorting is possible by: %(known)s.") % {"known": ", ".join(sorted(fields)) or "-"}
            raise ValidationError({SORT: [sentence]}, code="unknown_sort")
        paths = [f"{'-' if name.startswith('-') else ''}{fields[name.removeprefix('-')]}" for name in names]
        return queryset.order_by(*paths, "pk")

    def query_parameters(self, view: Any) -> Iterable[str]:
        return [SORT] if self._fields(view) else []

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        fields = self._fields(view)
        if not fields:
            return []
        return [
            {
                "name": SORT,
                "in": "query",
                "required": False,
                "description": f"Comma-separated: {', '.join(sorted(fields))}; a leading minus for descending.",
                "schema": {"type": "string"},
            }
        ]

    @staticmethod
    def _fields(view: Any) -> Mapping[str, str]:
        fields = getattr(view, "sort_fields", ())
        return fields if isinstance(fields, Mapping) else {name: name for name in fields}
