"""What every answer carries, whoever made it: request id, rate limit, and under /api/ problems instead of HTML pages."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from rest_framework.exceptions import ParseError

from . import borders, conditional, errors, requests, throttling

# Wagtail's own API for editors knows no limits; a call of it is counted before it does anything.
FOREIGN = "/api/cms/"
UNCOUNTED = ("/api/docs/", "/api/schema/")  # static
LARGEST_ID = 2**63 - 1
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ConventionsMiddleware:
    """First in the chain, so that its word about an answer is the last."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = requests.request_id(request.META)
        response = self._answer(request)
        response.headers["X-Request-ID"] = request_id
        return response

    @staticmethod
    def process_view(_request: HttpRequest, _view: object, _args: object, numbers: dict[str, object]) -> None:
        """A number in an address that no database column takes is nobody's: 404, in the admin too."""
        if any(isinstance(number, int) and number > LARGEST_ID for number in numbers.values()):
            raise Http404

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not path.startswith(errors.API_PREFIX):
            return self.get_response(request)
        known = request.META.get(throttling.STATE)
        if known is not None and not known.allowed:
            # As cheap as the stored answer would have been: a flood must not buy more work by being refused.
            response: HttpResponseBase = errors.too_many(request, known)
        elif "\x00" in path:
            response = errors.bad_request(request, ParseError())
        else:
            response = self._refused(request, path) or errors.in_problem_form(request, self.get_response(request))
        if not path.startswith(UNCOUNTED):
            response = self._with_rate(request, response)
        return _not_modified(request, response) or response

    @staticmethod
    def _refused(request: HttpRequest, path: str) -> HttpResponseBase | None:
        is_foreign = path.startswith(FOREIGN)
        if is_foreign:
            rate = throttling.count(request, throttling.CMS, requests.client_ip(request.META))
            if rate is not None and not rate.allowed:
                return errors.too_many(request, rate)
        try:
            refusal: Exception | None = borders.refusal_of(request, is_foreign=is_foreign)
        except SuspiciousOperation as exc:  # too many parameters, too large a body
            refusal = exc
        return errors.bad_request(request, refusal) if refusal else None

    @staticmethod
    def _with_rate(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        # Views have counted already; what never reached one (an unknown path, a stored answer's miss) is counted here.
        rate = throttling.count_anonymous(request)
        if rate is None:
            return response
        if not rate.allowed and response.status_code != 429:
            response = errors.too_many(request, rate)
        for name, value in rate.headers():
            response.headers.setdefault(name, value)  # a refusal by another limit than this one has said so
        return response


def _not_modified(request: HttpRequest, response: HttpResponseBase) -> HttpResponse | None:
    """304 with every header of the full answer that still makes sense, if the caller named its ETag."""
    etag = response.headers.get("ETag")
    if not etag or response.status_code != 200 or request.method not in ("GET", "HEAD") or not conditional.is_known(request.META, etag):
        return None
    short = HttpResponseNotModified()
    for name, value in response.headers.items():
        if name.lower() not in conditional.NOT_IN_304:
            short.headers[name] = value
    return short
