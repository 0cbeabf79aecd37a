"""The composition root: the only module that mounts every app."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps.views import sitemap
from django.urls import URLPattern, URLResolver, include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from clinics.sitemaps import ClinicSitemap
from fammo.api import docs, docs_urls, errors, health
from fammo.cms import sitemaps
from fammo.cms.api import cms_api
from fammo.cms.media import serve_public_media
from home.sitemaps import PageSitemap

SITEMAPS = {"pages": PageSitemap, "clinics": ClinicSitemap}

urlpatterns: list[URLPattern | URLResolver | Any] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("problems/<slug:kind>/", docs.problem, name="problem"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap-part"),
    path("api/cms/", cms_api.urls),
    path("api/v1/", include("fammo.api_urls")),
    path("", include("fammo.accounts.urls")),
    path("", include("legal.urls")),
    path("", include("clinics.urls")),
    path("", include("pets.urls")),
    path("", include("ai.urls")),
]
if settings.API_DOCS_ENABLED:
    urlpatterns += [path("api/", include(docs_urls))]
# The alias comes last: a link made by name is a link to /api/v1/.
urlpatterns += [path("api/", include("fammo.api_urls"))]
# What is nowhere under /api/ is 404 for every method; Wagtail's pages, which come below, would ask a POST for a CSRF token.
urlpatterns += [re_path(r"^api/(?:.*/)?$", errors.no_such_route)]
if not settings.ENVIRONMENT.s3_bucket:
    urlpatterns += [path("media/images/<path:path>", serve_public_media, name="public-media")]
urlpatterns += i18n_patterns(path("", include(wagtail_urls)), prefix_default_language=False)

handler400 = "fammo.api.errors.bad_request"
handler403 = "fammo.api.errors.permission_denied"
handler404 = "fammo.api.errors.page_not_found"
handler500 = "fammo.api.errors.server_error"
