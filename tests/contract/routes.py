"""The routes of the mobile API as the URLconf has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def api_routes() -> dict[str, frozenset[str]]:
    """Path as in the OpenAPI document (``/api/v1/pets/{pet_id}/``) -> the methods that its view answers."""
    return {
        "/api/v1/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route): frozenset(
            method for method in METHODS if hasattr(pattern.callback.view_class, method.lower())
        )
        for route, pattern in patterns(get_resolver("fammo.api_urls").url_patterns)
    }


def described_routes(document: Any) -> dict[str, frozenset[str]]:
    """The same of an OpenAPI document, whose paths start where its first server ends."""
    (root, *_others) = [urlsplit(server["url"]).path.rstrip("/") for server in document.get("servers", [])] or [""]
    return {
        root + path: frozenset(name.upper() for name in operations if name.upper() in METHODS)
        for path, operations in document["paths"].items()
    }


def patterns(entries: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in entries:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, route)
        else:
            yield route, entry
