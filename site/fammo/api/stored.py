"""Answers that are equal for everybody, kept as the bytes that were sent until a table behind them changes.

A view says ``StoredAnswer`` and ``stored_tables``. ``StoredAnswersMiddleware`` keeps what it made; ``StoredAnswersFirst``, around
the WSGI application, answers the next request for the same thing without Django, a query or a serializer. What was
written by whomever, through whatever door, is in the next answer (see ``watch``).
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from . import compression, conditional, language, requests, throttling, watch
from .authentication import OptionalBearerAuthentication

MAX_ANSWERS = 2_000
MAX_BYTES = 64 * 1024 * 1024
MAX_ANSWER_BYTES = 4 * 1024 * 1024
# Said anew for every request.
OWN_TO_A_REQUEST = frozenset({"x-request-id", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "date"})
RECIPE = "fammo_recipe"

Key = tuple[str, ...]
Headers = list[tuple[str, str]]
GetResponse = Callable[[HttpRequest], HttpResponseBase]
StartResponse = Callable[[str, Headers], Any]
WSGIApplication = Callable[[requests.Meta, StartResponse], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a fresh answer was made from, noted before it was made."""

    tables: tuple[str, ...]
    versions: watch.Versions
    until: float | None

    def is_current(self) -> bool:
        if self.until is not None and time.time() >= self.until:
            return False
        return watch.versions_of(self.tables) == self.versions


@dataclass(frozen=True)
class Answer:
    """The bytes of one answer, and the state of the tables that they are true for."""

    recipe: Recipe
    body: bytes
    headers: Headers

    @cached_property
    def etag(self) -> str:
        return next(value for name, value in self.headers if name == "ETag")

    @cached_property
    def short_headers(self) -> Headers:
        return [(name, value) for name, value in self.headers if name.lower() not in conditional.NOT_IN_304]


class AnswerStore:
    """The most recently asked-for answers of this process, bounded in number and bytes."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, key: Key) -> Answer | None:
        """The answer to exactly this request, if it is still true."""
        answer = self._answers.get(key)
        if answer is None or not answer.recipe.is_current():
            return None
        with contextlib.suppress(KeyError):  # another thread has just dropped it; it is true all the same
            self._answers.move_to_end(key)
        return answer

    def put(self, key: Key, answer: Answer) -> None:
        if len(answer.body) > MAX_ANSWER_BYTES:
            return
        with self._lock:
            old = self._answers.pop(key, None)
            self._answers[key] = answer
            self._bytes += len(answer.body) - (len(old.body) if old else 0)
            while len(self._answers) > MAX_ANSWERS or self._bytes > MAX_BYTES:
                _key, dropped = self._answers.popitem(last=False)
                self._bytes -= len(dropped.body)

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()
            self._bytes = 0


answers = AnswerStore()


def key_of(meta: requests.Meta) -> Key | None:
    """All that an answer to everybody may depend on; None when it depends on who asks."""
    code = language.of_header(meta.get("HTTP_ACCEPT_LANGUAGE", ""))
    if code is None and "HTTP_AUTHORIZATION" in meta:
        return None  # answered in the language of the caller's profile
    origin = meta.get("HTTP_ORIGIN")
    return (
        meta.get("PATH_INFO", ""),
        meta.get("QUERY_STRING", ""),
        code or "",
        meta.get("HTTP_ACCEPT", ""),
        compression.coding_of(meta.get("HTTP_ACCEPT_ENCODING", "")),
        meta.get("HTTP_HOST", ""),
        meta.get("HTTP_X_FORWARDED_PROTO", ""),
        "" if origin is None else "*" if settings.CORS_ALLOW_ALL_ORIGINS else origin,
    )


class StoredAnswersFirst:
    """Around the WSGI application: a stored answer goes out before Django hears of the request.

    With it goes what every answer carries: request id, rate limit and 304 for who has it. A call too many is not answered
    here but refused by the conventions behind.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: requests.Meta, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "GET":
            key = key_of(environ)
            answer = answers.get(key) if key is not None else None
            if answer is not None:
                rate = throttling.take(throttling.ANONYMOUS, requests.client_ip(environ))
                if rate is None or rate.allowed:
                    return self._reply(environ, start_response, answer, rate)
                environ[throttling.STATE] = rate
        return self.application(environ, start_response)

    @staticmethod
    def _reply(environ: requests.Meta, start_response: StartResponse, answer: Answer, rate: throttling.Rate | None) -> Iterable[bytes]:
        own = [("X-Request-ID", requests.request_id(environ)), *(rate.headers() if rate else ())]
        if "HTTP_IF_NONE_MATCH" in environ and conditional.is_known(environ, answer.etag):
            start_response("304 Not Modified", answer.short_headers + own)
            return [b""]
        start_response("200 OK", answer.headers + own)
        return [answer.body]


class StoredAnswersMiddleware:
    """Second in the chain, after ConventionsMiddleware: keeps what a ``StoredAnswer`` view made, and answers it to callers
    that do not come through ``StoredAnswersFirst`` (tests, other servers)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = key_of(request.META) if request.method == "GET" else None
        if key is None:
            return self.get_response(request)
        answer = answers.get(key)
        if answer is not None:
            return HttpResponse(answer.body, headers=dict(answer.headers))
        response = self.get_response(request)
        recipe: Recipe | None = getattr(request, RECIPE, None)
        if recipe is not None and isinstance(response, HttpResponse) and response.status_code == 200 and not response.cookies:
            headers = [(name, value) for name, value in response.headers.items() if name.lower() not in OWN_TO_A_REQUEST]
            answers.put(key, Answer(recipe, response.content, headers))
        return response


class StoredAnswer:
    """Mixin of a view, before its base, for GETs that are the same for everybody.

    ``stored_tables`` names the models whose rows the answer shows; name through models of many-to-many fields too. A view
    whose answer changes by the clock sets ``self.stored_until`` while it builds it. The caller is known for their language
    only: a bad token makes a stranger, and calls count by address.
    """

    stored_tables: ClassVar[tuple[type[models.Model], ...]] = ()
    _tables: ClassVar[tuple[str, ...]] = ()
    authentication_classes: Sequence[type[BaseAuthentication]] = [OptionalBearerAuthentication]
    permission_classes: Sequence[Any] = [AllowAny]
    stored_until: datetime | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._tables = watch.watch(*cls.stored_tables)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        versions = watch.versions_of(self._tables)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        if request.method in ("GET", "HEAD") and response.status_code == 200 and isinstance(response, HttpResponse):
            response.headers["ETag"] = conditional.etag_of_bytes(response.content)
            response.headers["Cache-Control"] = "no-cache"
            if versions is not None:
                until = self.stored_until.timestamp() if self.stored_until else None
                setattr(request, RECIPE, Recipe(self._tables, versions, until))
        return response

    def check_throttles(self, request: Request) -> None:
        rate = throttling.count_anonymous(request._request)
        if rate is not None and not rate.allowed:
            raise Throttled(rate.seconds_to_wait)
