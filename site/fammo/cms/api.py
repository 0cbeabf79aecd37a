"""Wagtail's own v3 API for editors' automation (design D13), mounted at /api/cms/."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from wagtail.api.v3.api import api as cms_api
from wagtail.api.v3.errors import problem_response
from wagtail.locales.api.v3.router import router as locales_router

from fammo.api.errors import DOMAIN_STATUS
from fammo.common.errors import DomainError

# wagtail_localize.locales replaces wagtail.locales, whose app would have added this router.
cms_api.add_router("/locales/", locales_router)


@cms_api.exception_handler(DomainError)
def refuse(request: HttpRequest, exc: DomainError) -> HttpResponse:
    """A refusal of ours, in the words of Wagtail's API."""
    status = next(status for kind, status in DOMAIN_STATUS if isinstance(exc, kind))
    return problem_response(status=status, detail=str(exc.message))


__all__ = ["cms_api"]
