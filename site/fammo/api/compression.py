"""gzip and Brotli for what the API answers; stored answers keep the compressed bytes.

Reads only: an answer to a write may hold tokens beside what the caller sent, and its compressed length would tell of them.
HEAD is compressed too, so that its headers are those of GET; the server drops its body.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import lru_cache

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from .errors import is_api

SHORTEST = 600  # bytes; less does not pay
BROTLI_QUALITY = 4
GZIP_LEVEL = 5
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: brotli.compress(content, quality=BROTLI_QUALITY),
    "gzip": lambda content: gzip.compress(content, GZIP_LEVEL, mtime=0),
}
GetResponse = Callable[[HttpRequest], HttpResponseBase]


@lru_cache(maxsize=1024)
def coding_of(accept_encoding: str) -> str:
    """The coding for an Accept-Encoding header: Brotli where it is taken, else gzip, else none (empty)."""
    qualities: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameter = part.partition(";")
        key, _, value = parameter.strip().partition("=")
        try:
            qualities[name.strip()] = float(value) if key.strip() == "q" else 1.0
        except ValueError:
            qualities[name.strip()] = 0.0
    others = qualities.get("*", 0.0)
    return next((coding for coding in CODINGS if qualities.get(coding, others) > 0), "")


class CompressionMiddleware:
    """Third in the chain, inside of the stored answers. A compressed answer's ETag is weak: other bytes, same content."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if (
            request.method not in ("GET", "HEAD")
            or not is_api(request)
            or not isinstance(response, HttpResponse)
            or response.has_header("Content-Encoding")
        ):
            return response
        if response.status_code != 200 or len(response.content) < SHORTEST:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        coding = coding_of(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        if coding:
            response.content = CODINGS[coding](response.content)
            response.headers["Content-Encoding"] = coding
            response.headers["Content-Length"] = str(len(response.content))
            if (etag := response.headers.get("ETag", "")).startswith('"'):
                response.headers["ETag"] = f"W/{etag}"
        return response
