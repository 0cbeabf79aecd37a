"""The part of the sitemap that is neither clinics nor long: front pages, directories, legal texts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wagtail.models import Page

from clinics.models import ClinicIndexPage
from fammo.cms.sitemaps import PublicSitemap
from legal.models import LegalIndexPage, LegalPage

from .models import HomePage


class PageSitemap(PublicSitemap):
    """Every public page of these kinds, in each language."""

    def items(self) -> Any:
        return Page.objects.live().public().type(HomePage, ClinicIndexPage, LegalIndexPage, LegalPage).order_by("pk")

    def location(self, item: Page) -> str:
        return item.get_url() or "/"

    def lastmod(self, item: Page) -> datetime | None:
        return item.last_published_at
