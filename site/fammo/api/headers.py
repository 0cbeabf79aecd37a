"""What browsers may do with our pages: a strict content security policy, loosened only where a library's pages need it."""

from __future__ import annotations

from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

PERMISSIONS_POLICY = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()"


class BrowserPolicyMiddleware(CSPMiddleware):
    """django-csp with the policy of the longest path prefix in ``CONTENT_SECURITY_POLICIES``, and Permissions-Policy beside it."""

    def get_policy_parts(self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False) -> PolicyParts:
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        policies: dict[str, Any] = settings.CONTENT_SECURITY_POLICIES
        prefix = max((prefix for prefix in policies if request.path_info.startswith(prefix)), key=len, default=None)
        if prefix is not None and not report_only and getattr(response, "_csp_config", None) is None:
            parts.config = policies[prefix]
        return parts

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response = super().process_response(request, response)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response
