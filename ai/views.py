"""Pages outside the API: a picture of a chat under its signed address."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.core.signing import BadSignature
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from . import chat_pictures
from .models import ChatMessage


@require_safe
def chat_picture(request: HttpRequest, file_name: str) -> HttpResponseBase:
    """The picture, for whoever has an address that we signed and whose time is not over; 404 for any other."""
    try:
        name, seconds_left = chat_pictures.checked(file_name, request.GET.get("expires", ""), request.GET.get("signature", ""))
    except BadSignature as exc:
        raise Http404 from exc
    # A message that was deleted takes its picture along at once, whatever addresses are still about.
    if not ChatMessage.objects.filter(picture=name).exists():
        raise Http404
    try:
        file = default_storage.open(name)
    except FileNotFoundError as exc:
        raise Http404 from exc
    headers = {
        "Cache-Control": f"private, max-age={seconds_left}, immutable",
        "Content-Security-Policy": "default-src 'none'",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
    }
    return FileResponse(file, content_type="image/jpeg", headers=headers)
