"""Everything under /api/v1/admin/, and nothing else, stands on the bases of ``fammo.api.admin``; each method names its permission."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import get_resolver

from fammo.api.admin import Administration
from fammo.api.views import SAFE_METHODS
from fammo.audit import verbs

from .routes import METHODS, patterns

VIEWS: dict[str, Any] = {
    route: pattern.callback.view_class  # type: ignore[attr-defined]
    for route, pattern in patterns(get_resolver("fammo.api_urls").url_patterns)
}
ADMIN = {route: view for route, view in VIEWS.items() if route.startswith("admin/")}


def methods(view: Any) -> list[str]:
    return [method for method in METHODS if hasattr(view, method.lower())]


def test_there_are_some_and_they_are_all_on_the_bases() -> None:
    on_the_bases = {route for route, view in VIEWS.items() if issubclass(view, Administration)}

    assert on_the_bases == set(ADMIN) != set()


@pytest.mark.django_db
@pytest.mark.parametrize("route", ADMIN)
def test_every_method_names_a_permission_that_exists(route: str) -> None:
    view = ADMIN[route]

    assert set(view.permissions) == set(methods(view))
    for name in view.permissions.values():
        app, _, codename = name.partition(".")
        assert Permission.objects.filter(content_type__app_label=app, codename=codename).exists(), name


@pytest.mark.parametrize("route", ADMIN)
def test_every_change_names_an_audit_verb(route: str) -> None:
    view = ADMIN[route]

    assert set(view.verbs) == set(methods(view)) - SAFE_METHODS
    assert {verb.value for verb in view.verbs.values()} <= {name for name, _words in verbs.choices()}


@pytest.mark.parametrize("route", ADMIN)
def test_every_view_counts_calls_in_the_admins_own_window(route: str) -> None:
    assert ADMIN[route].throttle_scope == "admin"
