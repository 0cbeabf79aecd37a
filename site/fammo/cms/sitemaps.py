"""Sitemaps whose addresses begin with the configured origin, whatever host a request names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse


class PublicSitemap(Sitemap[Any]):
    """The base of every part of the sitemap."""

    def get_domain(self, site: Any = None) -> str:
        return str(settings.ENVIRONMENT.public_url.split("://", 1)[1])

    def get_protocol(self, protocol: str | None = None) -> str:
        return "https" if settings.ENVIRONMENT.is_https else "http"


def index(request: HttpRequest, sitemaps: Mapping[str, type[PublicSitemap]]) -> HttpResponse:
    """``/sitemap.xml``: the parts, each with as many pages as it needs."""
    parts = [
        {"location": f"{settings.ENVIRONMENT.public_url}{reverse('sitemap-part', args=[name])}{f'?p={page}' if page > 1 else ''}"}
        for name, part in sitemaps.items()
        for page in part().paginator.page_range
    ]
    return TemplateResponse(request, "sitemap_index.xml", {"sitemaps": parts}, content_type="application/xml")


def robots(request: HttpRequest) -> HttpResponse:
    """``/robots.txt``: what nobody finds anything in, and where the sitemap is."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /api/", f"Sitemap: {settings.ENVIRONMENT.public_url}/sitemap.xml"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
