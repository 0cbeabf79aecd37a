"""Pages outside the API: a pet's photo under its signed address."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.signing import BadSignature
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from fammo.common.signed_links import LinkExpiredError

from . import photo_files
from .models import Pet


@require_safe
def photo(request: HttpRequest, file_name: str) -> HttpResponseBase:
    """The photo, for whoever has an address that we signed; 404 for any other address, 403 when its time is over."""
    try:
        name, seconds_left = photo_files.checked(file_name, request.GET.get("expires", ""), request.GET.get("signature", ""))
    except BadSignature as exc:
        raise Http404 from exc
    except LinkExpiredError as exc:
        raise PermissionDenied from exc
    # A pet that was deleted takes its photo along at once, whatever addresses are still about.
    if not Pet.objects.kept().filter(image=photo_files.photo_of(name)).exists():
        raise Http404
    try:
        file = default_storage.open(name)
    except FileNotFoundError as exc:
        raise Http404 from exc
    headers: dict[str, Any] = {
        "Cache-Control": f"private, max-age={seconds_left}, immutable",
        "Content-Security-Policy": "default-src 'none'",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
    }
    return FileResponse(file, content_type="image/jpeg", headers=headers)
