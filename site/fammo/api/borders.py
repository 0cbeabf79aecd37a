"""What is refused before anybody looks at it: encoded bodies everywhere, and what Wagtail's own API would stumble over.

Ours reads bodies through ``parsers`` and query parameters through ``views``; ``/api/cms/`` is a library's, so the same strictness
stands in front of it.
"""

from __future__ import annotations

from io import BytesIO

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError

from .exceptions import EncodedBody
from .parsers import JSONParser, refuse_nul

LONGEST_NUMBER = 9  # digits; more than any list of ours has rows, less than any database column takes


def refusal_of(request: HttpRequest, *, is_foreign: bool) -> APIException | None:
    """Why this request goes no further; None when it may. ``is_foreign`` is for views that are not on our bases."""
    if request.META.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() not in {"", "identity"}:
        return EncodedBody()  # nothing here unpacks: a small body cannot become a large one
    if is_foreign:
        try:
            _check_query(request)
            _check_json(request)
        except APIException as exc:
            return exc
    return None


def _check_query(request: HttpRequest) -> None:
    for name, values in request.GET.lists():
        refuse_nul(name)
        for value in values:
            refuse_nul(value)
            if name in {"offset", "limit", "page"} and len(value) > LONGEST_NUMBER:
                raise ParseError(_("The number is too large."))


def _check_json(request: HttpRequest) -> None:
    content_type = request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if (content_type == "application/json" or content_type.endswith("+json")) and request.body:
        JSONParser().parse(BytesIO(request.body))
