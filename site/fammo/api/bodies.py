"""Request bodies are taken in before any work begins, and never by all threads at once.

The web server's threads wait for a body as long as its sender likes. So a body that, once it has begun, comes slower than
``SLOWEST`` is given up (408), one thread of each process is left for requests that come whole, and a body too many is told
to come again (429).
What cannot be done about senders that fall silent is in docs/decisions/0008.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterable
from typing import IO

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from rest_framework.exceptions import APIException

from . import errors, requests
from .exceptions import BodyTooSlow, TooManyBodies
from .stored import StartResponse, WSGIApplication

IN_MEMORY = 1024 * 1024
LARGEST_PIECE = 64 * 1024
PATIENCE_SECONDS = 0.8
SLOWEST = 1024  # bytes per second, after the patience


class BodiesFirst:
    """Around the WSGI application: it sees a request only when its body is here."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self._places = threading.BoundedSemaphore(max(1, settings.ENVIRONMENT.web_threads - 1))

    def __call__(self, environ: requests.Meta, start_response: StartResponse) -> Iterable[bytes]:
        if not _has_body(environ):
            return self.application(environ, start_response)
        if not self._places.acquire(blocking=False):
            return _refuse(TooManyBodies(), environ, start_response)
        try:
            body, length = _read(environ["wsgi.input"])
        except BodyTooSlow as exc:
            return _refuse(exc, environ, start_response)
        finally:
            self._places.release()
        environ["wsgi.input"] = body
        environ["CONTENT_LENGTH"] = str(length)  # also of what came in chunks
        return self.application(environ, start_response)


def _has_body(environ: requests.Meta) -> bool:
    return environ.get("CONTENT_LENGTH", "0") not in {"", "0"} or "HTTP_TRANSFER_ENCODING" in environ


def _read(source: IO[bytes]) -> tuple[IO[bytes], int]:
    """The whole body and its length. Raises BodyTooSlow."""
    body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - lives as long as the request
    length, started = 0, 0.0
    # The server hands out a piece when all of it is here: small ones at first, so that a trickle is noticed.
    while piece := source.read(min(LARGEST_PIECE, 1 + length // 4)):
        started = started or time.monotonic()  # a lost packet delays all of a small body; that is no trickle
        length += len(piece)
        body.write(piece)
        if time.monotonic() > started + PATIENCE_SECONDS + length / SLOWEST:
            raise BodyTooSlow
    body.seek(0)
    return body, length


def _refuse(refusal: APIException, environ: requests.Meta, start_response: StartResponse) -> Iterable[bytes]:
    request = WSGIRequest(environ)
    problem = errors.problem_of(refusal) or errors.failure(request, None)
    response = errors.problem_response(problem, request)
    headers = [*response.headers.items(), ("X-Request-ID", requests.request_id(environ)), ("Connection", "close")]
    start_response(f"{response.status_code} {response.reason_phrase}", headers)
    return [response.content]
