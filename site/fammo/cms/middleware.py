"""The admin's answer to a domain error: its sentence as a message, and back to where the person was."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.api.v3.auth import BearerTokenAuth

from fammo.common.errors import DomainError, NotAuthenticated

CMS_API = "/api/cms/"
CMS_API_DOCS = ("/api/cms/docs/", "/api/cms/openapi.json")


class DomainErrorsInAdmin:
    """Turns a DomainError raised under /admin/ into a message and a redirect; pop-ups get Wagtail's JSON for the same."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if not isinstance(exception, DomainError) or not request.path.startswith(reverse("wagtailadmin_home")):
            return None
        messages.error(request, str(exception.message))
        target = self._target(request)
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return JsonResponse({"step": "success", "redirect": target})
        return redirect(target)

    @staticmethod
    def _target(request: HttpRequest) -> str:
        referer = request.META.get("HTTP_REFERER", "")
        if url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
            return referer
        return reverse("wagtailadmin_home")


class CmsApiNeedsAToken:
    """Wagtail's v3 API is for editors' automation: its anonymous reads, which would show every image's title, are closed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        # Wagtail takes a token that it does not know for nobody's and goes on, so we ask for the token itself.
        if not path.startswith(CMS_API) or path.startswith(CMS_API_DOCS) or BearerTokenAuth()(request):
            return self.get_response(request)
        problem = {"type": "about:blank", "title": "Unauthorized", "status": 401, "detail": str(NotAuthenticated.message)}
        response = JsonResponse(problem, status=401, content_type="application/problem+json")
        response["WWW-Authenticate"] = 'Bearer realm="cms"'
        return response
