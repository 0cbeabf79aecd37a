"""Wagtail's pictures (slides, clinic logos) from local files; private photos have their own signed door in pets."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve

from fammo.common.signed_links import LinkExpiredError, SignedLinks, is_local

# Wagtail's renditions. Originals are not public: one may still carry what a camera wrote into it.
PUBLIC_FOLDER = "images"

PrivacyRule = Callable[[str], bool]

_links = SignedLinks(salt="fammo.cms.media")
_rules: list[PrivacyRule] = []


def register_private_media(rule: PrivacyRule) -> PrivacyRule:
    """For an app whose pictures are not for everybody yet: the function tells of a stored file's name whether it is private now.

    Private files are for staff who are signed in to the admin, and for whoever has an address of ``signed_url``.
    """
    if rule not in _rules:
        _rules.append(rule)
    return rule


def signed_url(name: str) -> str:
    """The absolute address of a stored rendition, which works for the next hour or two even while the file is private."""
    if not is_local():
        return str(default_storage.url(name))
    return f"{settings.ENVIRONMENT.public_url}{default_storage.url(name)}?{_links.query(name)}"


def serve_public_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file of Wagtail's renditions folder; whatever else lies under MEDIA_ROOT cannot be reached from here, however it is spelled."""
    path = posixpath.normpath(path).lstrip("/")  # as the file system reads it, so that no spelling slips past the rules
    try:
        caching = _caching(request, f"{PUBLIC_FOLDER}/{path}")
        response = serve(request, path, document_root=str(Path(settings.MEDIA_ROOT) / PUBLIC_FOLDER))
    except (SuspiciousFileOperation, OSError, ValueError) as exc:  # a way out, or a name that no file system knows
        raise Http404 from exc
    response["Cache-Control"] = caching
    return response


def _caching(request: HttpRequest, name: str) -> str:
    """How long the answer may be kept, and by whom; 404 for who may not have the file, 403 when their address is over."""
    if not any(rule(name) for rule in _rules):
        return "public, max-age=604800"
    if request.user.has_perm("wagtailadmin.access_admin"):
        return "private, no-store"
    try:
        seconds_left = _links.seconds_left(name, request.GET.get("expires", ""), request.GET.get("signature", ""))
    except BadSignature as exc:
        raise Http404 from exc
    except LinkExpiredError as exc:
        raise PermissionDenied from exc
    return f"private, max-age={seconds_left}"
