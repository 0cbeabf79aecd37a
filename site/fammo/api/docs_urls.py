"""The documentation, relative to /api/: mounted by the composition root unless API_DOCS_ENABLED is off."""

from __future__ import annotations

from django.urls import path

from .docs import RedocView, ScalarView, SchemaView, SwaggerView

urlpatterns = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", RedocView.as_view(), name="docs"),
    path("docs/swagger/", SwaggerView.as_view(), name="docs-swagger"),
    path("docs/scalar/", ScalarView.as_view(), name="docs-scalar"),
]
