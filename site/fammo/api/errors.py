"""Every refusal and every failure as one body: ``application/problem+json`` (RFC 9457) with the members of the contract.

Raise; never build an error answer by hand. Domain errors, DRF's and Django's exceptions all become a ``Problem`` here,
whether they were raised inside a view or outside of one (``bad_request`` … ``server_error`` are the URLconf's handlers).
"""

from __future__ import annotations

import math
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.core import exceptions as django_errors
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from drf_standardized_errors.formatter import flatten_errors
from rest_framework import exceptions as drf
from rest_framework.response import Response

from fammo.common import errors as domain
from fammo.common.languages import DEFAULT_CODE

from . import renderers, requests
from .exceptions import PayloadTooLarge
from .language import of_header
from .throttling import Rate

logger = structlog.get_logger("fammo.api")

PROBLEM_MEDIA_TYPE = "application/problem+json"
NON_FIELD = "non_field_errors"
API_PREFIX = "/api/"
DATABASE_AWAY_SECONDS = 5  # when to ask again

# Every kind of problem: the last segment of its ``type`` and its title. Kinds are API, titles are words.
TITLES: dict[str, Promise] = {
    "bad-request": gettext_lazy("Bad request"),
    "conflict": gettext_lazy("Conflict"),
    "idempotency-key-reused": gettext_lazy("Idempotency key used for another request"),
    "internal-error": gettext_lazy("Unexpected error"),
    "method-not-allowed": gettext_lazy("Method not allowed"),
    "not-acceptable": gettext_lazy("Not acceptable"),
    "not-authenticated": gettext_lazy("Not signed in"),
    "not-found": gettext_lazy("Not found"),
    "payload-too-large": gettext_lazy("Request too large"),
    "permission-denied": gettext_lazy("Not allowed"),
    "precondition-failed": gettext_lazy("Changed in the meantime"),
    "precondition-required": gettext_lazy("Precondition required"),
    "quota-used-up": gettext_lazy("Quota used up"),
    "rate-limited": gettext_lazy("Too many requests"),
    "request-timeout": gettext_lazy("Request too slow"),
    "unavailable": gettext_lazy("Unavailable"),
    "unsupported-media-type": gettext_lazy("Unsupported media type"),
    "validation-failed": gettext_lazy("Validation failed"),
}
KIND_OF_STATUS = {
    400: "bad-request",
    401: "not-authenticated",
    403: "permission-denied",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    408: "request-timeout",
    409: "conflict",
    412: "precondition-failed",
    413: "payload-too-large",
    415: "unsupported-media-type",
    422: "idempotency-key-reused",
    428: "precondition-required",
    429: "rate-limited",
    503: "unavailable",
}
DOMAIN_STATUS: tuple[tuple[type[domain.DomainError], int], ...] = (
    (domain.InvalidInput, 400),
    (domain.NotAuthenticated, 401),
    (domain.NotAllowed, 403),
    (domain.NotFound, 404),
    (domain.Conflict, 409),
    (domain.PreconditionFailed, 412),
    (domain.LimitReached, 429),
    (domain.Unavailable, 503),
    (domain.DomainError, 400),
)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One refusal, ready to be said: ``kind`` names its ``type``, ``fields`` the inputs at fault, ``extra`` further members."""

    status: int
    kind: str
    code: str
    sentence: str
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self, request: HttpRequest | None) -> dict[str, Any]:
        """The members of the answer; field lists stand at top level too, without ever replacing another member."""
        title = str(TITLES[self.kind])
        members: dict[str, Any] = {
            "type": type_uri(self.kind),
            "title": title,
            "status": self.status,
            "detail": self.sentence,
            "instance": request.path if request is not None else None,
            "code": self.code,
            "error": title if self.kind == "validation-failed" else self.sentence,
            "message": self.sentence,
            "details": {name: list(texts) for name, texts in self.fields.items()},
            "request_id": requests.request_id(request.META) if request is not None else None,
        }
        for name, value in (*self.extra.items(), *members["details"].items()):
            members.setdefault(name, value)
        return members


def type_uri(kind: str) -> str:
    """The stable name of a kind of problem; a person who opens it reads what it means."""
    return f"{settings.ENVIRONMENT.public_url}/problems/{kind}/"


def problem_of(exc: Exception) -> Problem | None:
    """What an exception means to the caller; None when it means that we failed."""
    match exc:
        case domain.DomainError():
            return _problem_of_domain_error(exc)
        case drf.ValidationError():
            return _validation_problem(_field_texts(exc.detail))
        case drf.Throttled():
            return _too_many(getattr(exc, "wait", None))
        case drf.APIException() if exc.status_code < 500:
            return _problem_of_api_exception(exc)
        case django_errors.ValidationError():
            return _validation_problem(_model_texts(exc))
        case Http404():
            return problem_of(drf.NotFound())
        case django_errors.PermissionDenied():
            return problem_of(drf.PermissionDenied())
        case django_errors.RequestDataTooBig():
            return problem_of(PayloadTooLarge())
        case django_errors.SuspiciousOperation() | django_errors.BadRequest() | MultiPartParserError():
            return problem_of(drf.ParseError())
    return None


def _problem_of_domain_error(exc: domain.DomainError) -> Problem:
    status = next(status for kind, status in DOMAIN_STATUS if isinstance(exc, kind))
    fields = {name: [str(text) for text in texts] for name, texts in exc.fields.items()}
    headers: dict[str, str] = {}
    kind, code = KIND_OF_STATUS[status], str(exc.code)
    if isinstance(exc, domain.InvalidInput):
        kind, code = "validation-failed", "validation_error" if code == "invalid" else code
    elif isinstance(exc, domain.LimitReached):
        # A quota tells its numbers; a rate tells only when to come back.
        kind = "quota-used-up" if "limit" in exc.extra else kind
        headers |= exc.headers
        if exc.retry_after_seconds is not None:
            headers["Retry-After"] = str(exc.retry_after_seconds)
    return Problem(status=status, kind=kind, code=code, sentence=str(exc.message), fields=fields, extra=exc.extra, headers=headers)


def _problem_of_api_exception(exc: drf.APIException) -> Problem:
    detail: Any = exc.detail
    code = exc.default_code
    if isinstance(detail, Mapping) and "detail" in detail:  # simplejwt keeps code and reasons beside its sentence
        code, detail = str(detail.get("code", code)), str(detail["detail"])
    first = next(_leaves(detail), str(exc.default_detail))
    headers: dict[str, str] = {}
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(wait)
    if auth_header := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    return Problem(
        status=exc.status_code,
        kind=KIND_OF_STATUS.get(exc.status_code, "bad-request"),
        code=str(getattr(first, "code", None) or code),
        sentence=str(first),
        headers=headers,
    )


def _too_many(seconds: float | None) -> Problem:
    """In words of our own: DRF looks its sentence up with the number already in it, so that no catalogue can have it."""
    wait = math.ceil(seconds or 1)
    sentence = ngettext(
        "Too many requests. Please try again in %(wait)d second.", "Too many requests. Please try again in %(wait)d seconds.", wait
    )
    headers = {"Retry-After": str(wait)}
    return Problem(status=429, kind="rate-limited", code=drf.Throttled.default_code, sentence=sentence % {"wait": wait}, headers=headers)


def _validation_problem(fields: dict[str, list[str]]) -> Problem:
    texts = [text for group in fields.values() for text in group]
    only_one = len(texts) == 1 or set(fields) == {NON_FIELD}
    sentence = texts[0] if texts and only_one else str(domain.InvalidInput.message)
    return Problem(status=400, kind="validation-failed", code="validation_error", sentence=sentence, fields=fields)


def _field_texts(detail: Any) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for error in flatten_errors(detail):
        fields.setdefault(error.attr or NON_FIELD, []).append(error.detail)
    return fields


def _model_texts(exc: django_errors.ValidationError) -> dict[str, list[str]]:
    if not hasattr(exc, "error_dict"):
        return {NON_FIELD: [str(text) for text in exc.messages]}
    return {NON_FIELD if name == django_errors.NON_FIELD_ERRORS else name: texts for name, texts in exc.message_dict.items()}


def _leaves(detail: Any) -> Iterator[Any]:
    if isinstance(detail, Mapping):
        detail = list(detail.values())
    if isinstance(detail, list):
        for item in detail:
            yield from _leaves(item)
    else:
        yield detail


def failure(request: HttpRequest | None, exc: BaseException | None) -> Problem:
    """An unexpected error: logged under an id that the caller can quote; nothing of the cause leaves the house."""
    error_id = f"ERR-{timezone.now():%Y-%m-%d}-{secrets.token_hex(4)}"
    logger.error("unexpected_error", error_id=error_id, path=request.path if request else None, exc_info=exc)
    if isinstance(exc, OperationalError | InterfaceError):  # the database is away, or could not do it in time
        return Problem(
            status=503,
            kind=KIND_OF_STATUS[503],
            code=domain.Unavailable.code,
            sentence=str(domain.Unavailable.message),
            extra={"error_id": error_id},
            headers={"Retry-After": str(DATABASE_AWAY_SECONDS)},
        )
    return Problem(
        status=500,
        kind="internal-error",
        code="internal_error",
        sentence=_("An unexpected error occurred. Please try again later."),
        extra={"error_id": error_id},
    )


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's hook: the answer to any exception of a view, with or without DEBUG."""
    view, drf_request = context.get("view"), context.get("request")
    request: HttpRequest | None = getattr(drf_request, "_request", drf_request)
    problem = problem_of(exc)
    if problem is None:
        problem = failure(request, exc)
        got_request_exception.send(sender=type(view), request=request)
    headers = dict(problem.headers)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers.setdefault("WWW-Authenticate", 'Bearer realm="api"')
    return Response(problem.body(request), status=problem.status, headers=headers, content_type=PROBLEM_MEDIA_TYPE)


def problem_response(problem: Problem, request: HttpRequest) -> HttpResponse:
    """A problem as a plain Django answer, for refusals outside of DRF's views."""
    own = {"Content-Language": get_language() or DEFAULT_CODE, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(
        renderers.to_json(problem.body(request)),
        status=problem.status,
        headers=own | dict(problem.headers),
        content_type=PROBLEM_MEDIA_TYPE,
    )


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API_PREFIX)


Handler = Callable[..., HttpResponse]


def in_callers_language(handler: Handler) -> Handler:
    """Under /api/ what leads to no view is said in the caller's language too; pages have theirs from their address."""

    @wraps(handler)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_api(request):
            return handler(request, *args, **kwargs)
        with override(of_header(request.META.get("HTTP_ACCEPT_LANGUAGE", "")) or DEFAULT_CODE):  # asks no database: it may be away
            return handler(request, *args, **kwargs)

    return handle


def _answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    if is_api(request):
        return problem_response(problem, request)
    context = {"title": str(TITLES[problem.kind]), "sentence": problem.sentence, "error_id": problem.extra.get("error_id", "")}
    return render(None, "api/error.html", context, status=problem.status)


@in_callers_language
def too_many(request: HttpRequest, rate: Rate) -> HttpResponse:
    """A call too many, before any view has seen it."""
    return problem_response(_too_many(rate.seconds_to_wait), request)


@in_callers_language
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400."""
    return _answer(request, problem_of(exception) or problem_of(drf.ParseError()) or failure(request, exception))


@in_callers_language
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403."""
    return _answer(request, problem_of(drf.PermissionDenied()) or failure(request, exception))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: the reason goes to Django's security log, not to the caller."""
    sentence = _("The form has expired or came from elsewhere. Please reload the page and try again.")
    return _answer(request, Problem(status=403, kind="permission-denied", code="csrf_failed", sentence=sentence))


@in_callers_language
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404."""
    return _answer(request, problem_of(drf.NotFound()) or failure(request, exception))


@csrf_exempt
def no_such_route(request: HttpRequest) -> HttpResponse:
    """A path under /api/ that leads nowhere."""
    raise Http404


@in_callers_language
def server_error(request: HttpRequest) -> HttpResponse:
    """handler500."""
    return _answer(request, failure(request, sys.exc_info()[1]))


def in_problem_form(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer itself, unless it is an HTML error page under /api/ (Django's own pages under DEBUG): then the problem."""
    if response.status_code < 400 or not response.get("Content-Type", "").startswith("text/html") or not is_api(request):
        return response
    if response.status_code >= 500:
        return problem_response(failure(request, None), request)
    kind = KIND_OF_STATUS.get(response.status_code, "bad-request")
    problem = Problem(
        status=response.status_code,
        kind=kind,
        code=kind.replace("-", "_"),
        sentence=str(TITLES[kind]),
        headers={name: response[name] for name in ("Allow", "Retry-After", "WWW-Authenticate") if name in response},
    )
    return problem_response(problem, request)
