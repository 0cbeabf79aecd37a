"""Lists: bare arrays up to a cap; an envelope for whoever sends ``page``, ``page_size`` or ``cursor`` (contract, shape rule 1)."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.paginator import Page
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import pagination
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

DEFAULT_CAP = 200
DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 200
START = re.compile(r"[0-9]{1,9}")
INVALID_CURSOR = gettext_lazy("This cursor is not valid.")


def public_url_of(request: Any) -> str:
    """This request's URL as everybody reaches it: from the configured origin, never from the Host header."""
    return f"{settings.ENVIRONMENT.public_url}{request.get_full_path()}"


def page_size_of(request: Any) -> int:
    """``page_size`` of the query; raises instead of quietly giving less than was asked for."""
    raw = request.query_params.get("page_size")
    if raw is None:
        return DEFAULT_PAGE_SIZE
    if not (raw.isascii() and raw.isdigit() and 1 <= len(raw) <= 6 and 1 <= int(raw) <= MAX_PAGE_SIZE):
        raise ValidationError({"page_size": [_("page_size must be a number from 1 to %(most)d.") % {"most": MAX_PAGE_SIZE}]})
    return int(raw)


class _PublicLinks:
    """Mixin of the two envelopes: sizes are checked, links start with the public origin and stand in ``Link`` too."""

    total: int

    def get_page_size(self, request: Any) -> int:
        return page_size_of(request)

    def envelope(self, data: Any) -> Response:
        links = {"next": self.get_next_link(), "previous": self.get_previous_link()}  # type: ignore[attr-defined]
        return Response({"count": self.total, **links, "results": data})

    def link_header(self) -> str:
        links = {"next": self.get_next_link(), "prev": self.get_previous_link()}  # type: ignore[attr-defined]
        return ", ".join(f'<{url}>; rel="{name}"' for name, url in links.items() if url)


class _NumberedPages(_PublicLinks, pagination.PageNumberPagination):
    invalid_page_message = gettext_lazy("There is no such page.")  # type: ignore[assignment]  # the stubs know no lazy texts
    page: Page[Any]

    def get_page_number(self, request: Any, paginator: Any) -> str:
        return str(request.query_params.get("page", 1))  # DRF takes an empty one for the first

    def get_next_link(self) -> str | None:
        return self._link(self.page.next_page_number()) if self.page.has_next() else None

    def get_previous_link(self) -> str | None:
        return self._link(self.page.previous_page_number()) if self.page.has_previous() else None

    def _link(self, number: int) -> str:
        url = public_url_of(self.request)
        return str(remove_query_param(url, "page") if number == 1 else replace_query_param(url, "page", number))


class _CursorPages(_PublicLinks, pagination.CursorPagination):
    invalid_cursor_message = INVALID_CURSOR  # type: ignore[assignment]  # the stubs know no lazy texts
    rows: QuerySet[Any]

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        self.rows = queryset
        page: Any = super().paginate_queryset(queryset, request, view)
        self.base_url = public_url_of(request)
        self.total = queryset.count()
        return page

    def get_paginated_response(self, data: Any) -> Response:
        return self.envelope(data)

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        newest_first = f"-{queryset.model._meta.pk.attname}"  # by the column's own name, under which plain rows have it too
        return tuple(getattr(view, "cursor_ordering", (newest_first,)))

    def decode_cursor(self, request: Any) -> Any:
        """DRF's, which believes any position; here it must be one that the column can have."""
        cursor: Any = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            name = self.ordering[0].lstrip("-")
            computed = self.rows.query.annotations.get(name)
            column: Any = computed.output_field if computed else self.rows.model._meta.get_field(name)
            column = getattr(column, "target_field", column)
            try:
                column.run_validators(column.to_python(cursor.position))
            except DjangoValidationError as exc:
                raise NotFound(self.invalid_cursor_message) from exc
        return cursor


class _CursorOverRows(_PublicLinks):
    """Cursor pages of rows that are in memory anyway: a cursor says how many rows lie before its page."""

    request: Any

    def paginate_queryset(self, rows: Sequence[Any], request: Any, view: Any = None) -> list[Any]:
        self.request = request
        self.size = self.get_page_size(request)
        self.start = self._start(request.query_params["cursor"])
        self.total = len(rows)
        return list(rows[self.start : self.start + self.size])

    def get_next_link(self) -> str | None:
        return self._link(self.start + self.size) if self.start + self.size < self.total else None

    def get_previous_link(self) -> str | None:
        return self._link(max(0, self.start - self.size)) if self.start else None

    def get_paginated_response(self, data: Sequence[Any]) -> Response:
        return self.envelope(data)

    @staticmethod
    def _start(cursor: str) -> int:
        try:
            text = b64decode(cursor.encode("ascii"), validate=True).decode("ascii")
        except ValueError:
            text = "no number"
        if cursor and not START.fullmatch(text):
            raise NotFound(INVALID_CURSOR)
        return int(text or 0)

    def _link(self, start: int) -> str:
        return str(replace_query_param(public_url_of(self.request), "cursor", b64encode(str(start).encode()).decode()))


class ListPagination(pagination.BasePagination):
    """Chooses among bare list, numbered page and cursor page by what the caller sent.

    A view may set ``list_cap`` (longest bare list) and ``cursor_ordering`` (unique; default newest first by key).
    """

    query_parameters = ("page", "page_size", "cursor")

    def __init__(self) -> None:
        self.pages: _NumberedPages | _CursorPages | _CursorOverRows | None = None
        self.total = 0
        self.request: Any = None

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        self.request = request
        sent = request.query_params
        if "cursor" in sent:
            self.pages = _CursorPages() if isinstance(queryset, QuerySet) else _CursorOverRows()
            return self.pages.paginate_queryset(queryset, request, view)
        if "page" in sent or "page_size" in sent:
            self.pages = _NumberedPages()
            return self.pages.paginate_queryset(queryset, request, view)
        return self._whole(queryset, getattr(view, "list_cap", DEFAULT_CAP))

    def _whole(self, rows: Any, cap: int) -> list[Any]:
        found = list(rows[: cap + 1])
        if len(found) > cap:
            sentence = _("This list has more than %(cap)d entries: ask for it page by page, with page and page_size.")
            raise ValidationError(sentence % {"cap": cap}, code="list_too_long")
        self.total = len(found)
        return found

    def get_paginated_response(self, data: Sequence[Any]) -> Response:
        if self.pages is None:
            return Response(data, headers={"X-Total-Count": str(self.total), "Link": f'<{public_url_of(self.request)}>; rel="self"'})
        response = self.pages.get_paginated_response(data)
        response["X-Total-Count"] = str(response.data["count"])
        if link := self.pages.link_header():
            response["Link"] = link
        return response

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": "page",
                "in": "query",
                "required": False,
                "description": "Number of the page; asks for the envelope instead of the bare list.",
                "schema": {"type": "integer", "minimum": 1},
            },
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "description": f"Entries per page, else {DEFAULT_PAGE_SIZE}; asks for the envelope instead of the bare list.",
                "schema": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE},
            },
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "A cursor from `next` or `previous`, or empty for the first page.",
                "schema": {"type": "string"},
            },
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        envelope = {
            "type": "object",
            "description": "The answer to `page`, `page_size` or `cursor`.",
            "required": ["count", "next", "previous", "results"],
            "properties": {"count": {"type": "integer"}, "next": link, "previous": link, "results": schema},
        }
        return {"oneOf": [schema, envelope]}
