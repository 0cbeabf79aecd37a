"""The clinics' part of the sitemap: what is listed, in every language in which it has a page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F
from wagtail.models import Page

from fammo.cms.sitemaps import PublicSitemap

from .models import ClinicIndexPage, ClinicListing, ClinicPage


class ClinicSitemap(PublicSitemap):
    """Two queries for a whole part, however many clinics it has."""

    limit = 10_000

    def items(self) -> Any:
        listed = ClinicListing.objects.values("clinic__page__translation_key")
        pages = ClinicPage.objects.live().filter(translation_key__in=listed).order_by("pk")
        return pages.annotate(published=F("last_published_at")).values("path", "slug", "published")

    def location(self, item: dict[str, Any]) -> str:
        return f"{self._directories()[item['path'][: -Page.steplen]]}{item['slug']}/"

    def lastmod(self, item: dict[str, Any]) -> datetime | None:
        return item["published"]

    def _directories(self) -> dict[str, str]:
        if not hasattr(self, "_urls_by_path"):
            self._urls_by_path = {index.path: index.get_url() or "/" for index in ClinicIndexPage.objects.all()}
        return self._urls_by_path
