"""How an operation says that its days are counted (RFC 9745 and RFC 8594); the policy is in docs/api.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TypeVar

from django.utils.http import http_date

View = TypeVar("View", bound=type)


@dataclass(frozen=True, kw_only=True)
class Deprecation:
    """Since when an operation should not be used, when it ends, and where to read what replaces it."""

    since: date
    sunset: date
    link: str

    def headers(self) -> dict[str, str]:
        return {
            "Deprecation": f"@{_moment(self.since)}",
            "Sunset": http_date(_moment(self.sunset)),
            "Link": f'<{self.link}>; rel="deprecation"; type="text/html"',
        }


def deprecated(*, since: date, sunset: date, link: str) -> Callable[[View], View]:
    """Marks a view: its answers carry ``Deprecation``, ``Sunset`` and ``Link``, and OpenAPI shows it as deprecated.

    Raises ``ValueError`` when callers would have less than the six months that the policy gives them.
    """
    if (sunset - since).days < 180:
        raise ValueError("Between deprecation and sunset lie at least six months (docs/api.md).")

    def decorate(view: View) -> View:
        setattr(view, "deprecation", Deprecation(since=since, sunset=sunset, link=link))  # noqa: B010 - of every kind of view
        return view

    return decorate


def _moment(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())
