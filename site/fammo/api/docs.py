"""The OpenAPI document and three ways to read it, all from files of this server: no CDN, no web fonts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer, OpenApiYamlRenderer2
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny
from rest_framework.throttling import BaseThrottle

from .errors import KIND_OF_STATUS, TITLES
from .schema import ERRORS

OPEN_TO_ALL: list[type[AllowAny]] = [AllowAny]
UNCOUNTED: list[type[BaseThrottle]] = []


class SchemaView(SpectacularAPIView):
    """OpenAPI 3.1 as JSON, or as YAML to who accepts only that."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer2, OpenApiYamlRenderer]
    permission_classes = OPEN_TO_ALL
    throttle_classes = UNCOUNTED


class RedocView(SpectacularRedocView):
    permission_classes = OPEN_TO_ALL
    throttle_classes = UNCOUNTED
    template_name = "api/redoc.html"


class SwaggerView(SpectacularSwaggerView):
    permission_classes = OPEN_TO_ALL
    throttle_classes = UNCOUNTED


class ScalarView(SpectacularRedocView):
    """Scalar's reader in the same frame as ReDoc's."""

    permission_classes = OPEN_TO_ALL
    throttle_classes = UNCOUNTED
    template_name = "api/scalar.html"


def problem(request: HttpRequest, kind: str) -> HttpResponse:
    """What a kind of problem means: the page behind its ``type``."""
    if kind not in TITLES:
        raise Http404
    meanings = [(status, ERRORS[str(status)][1]) for status, name in KIND_OF_STATUS.items() if name == kind and str(status) in ERRORS]
    return render(request, "api/problem.html", {"kind": kind, "title": TITLES[kind], "meanings": meanings})
