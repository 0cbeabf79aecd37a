"""The bases of every view: whoever subclasses these has the conventions of the contract without asking.

In the order in which a request meets them: strictness about the URL, language, authentication, rate limit, permission,
idempotency key; then the handler; then rendering inside the language, and the headers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from rest_framework import generics, mixins, views, viewsets
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from fammo.common.languages import DEFAULT_CODE

from . import conditional, fields, filters, idempotency, language, throttling
from .authentication import BearerAuthentication
from .pagination import ListPagination
from .parsers import refuse_nul
from .versioning import Deprecation

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MATCHING_METHODS = frozenset({"PUT", "PATCH", "DELETE"})  # they change what a GET of the same address tells


class APIView(views.APIView):
    """A view under the contract. Signed-in callers only, unless it says ``permission_classes = [AllowAny]``.

    ``throttle_scope`` names a stricter rate limit; ``query_parameters`` lists the query parameters that a GET knows, all
    others are refused (None: not checked); ``idempotent_post = False`` for POSTs whose answer must never be kept, and
    ``keeps_own_answers`` for those whose work takes longer than one transaction, so that their service keeps the key with it.
    """

    authentication_classes: Sequence[type[BaseAuthentication]] = [BearerAuthentication]
    throttle_scope: ClassVar[str | None] = None
    query_parameters: ClassVar[tuple[str, ...] | None] = None
    idempotent_post: ClassVar[bool] = True
    keeps_own_answers: ClassVar[bool] = False
    list_cap: ClassVar[int] = 200
    deprecation: ClassVar[Deprecation | None] = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(language.of_header(request.META.get("HTTP_ACCEPT_LANGUAGE", "")) or DEFAULT_CODE):
            response = super().dispatch(request, *args, **kwargs)
            if isinstance(response, Response):
                # Rendered here, because lazy texts in the data take the language that is active when they are written.
                response.render()
            if request.method in {"GET", "HEAD"}:
                conditional.name_state(response)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.format_kwarg = self.get_format_suffix(**kwargs)
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        request.version, request.versioning_scheme = self.determine_version(request, *args, **kwargs)
        try:
            self.perform_authentication(request)
        except APIException:
            # Guessing tokens counts against the guesser's address.
            rate = throttling.count_anonymous(request._request)
            if rate is not None and not rate.allowed:
                raise Throttled(rate.seconds_to_wait) from None
            raise
        translation.activate(language.request_language(request))
        self.check_throttles(request)
        self.check_permissions(request)
        self.check_query(request)
        is_kept = self.idempotent_post and not self.keeps_own_answers
        if request.method == "POST" and is_kept and idempotency.HEADER in request.META:
            post: idempotency.Handler = getattr(self, "post", self.http_method_not_allowed)
            setattr(self, "post", idempotency.answered_once(self, request, post))  # noqa: B010 - not every view has one
        if request.method in MATCHING_METHODS and conditional.HEADER in request.META and hasattr(self, "get"):
            name = request.method.lower()
            setattr(self, name, conditional.guarded(self, getattr(self, name, self.http_method_not_allowed)))

    def check_query(self, request: Request) -> None:
        """Refuses NUL in any query parameter and, on reads, parameters that this view does not know."""
        for name, values in request.query_params.lists():
            refuse_nul(name)
            for value in values:
                refuse_nul(value)
        if request.method in SAFE_METHODS:
            known = self.known_query_parameters()
            if known is not None:
                filters.refuse_unknown(request.query_params, [*known, fields.FIELDS])

    def known_query_parameters(self) -> Iterable[str] | None:
        return self.query_parameters

    def check_throttles(self, request: Request) -> None:
        for throttle in self.get_throttles():
            if not throttle.allow_request(request, self):
                raise Throttled(throttle.wait())

    def get_authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if request.method in SAFE_METHODS and isinstance(response, Response) and response.status_code == 200:
            try:
                response.data = fields.only(request.query_params.get(fields.FIELDS), response.data)
            except APIException as exc:  # DRF asks for no exceptions here
                response = self.handle_exception(exc)
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.deprecation is not None:
            for name, value in self.deprecation.headers().items():
                response.headers[name] = f"{response.headers[name]}, {value}" if name in response.headers else value
        response.headers.setdefault("Content-Language", translation.get_language() or DEFAULT_CODE)
        patch_vary_headers(response, ["Accept-Language"])
        if request.method not in SAFE_METHODS:
            response.headers.setdefault("Cache-Control", "no-store")
        else:
            response.headers.setdefault("Cache-Control", "private, no-cache" if request.META.get("HTTP_AUTHORIZATION") else "no-cache")
        return response

    def list_response(self, rows: QuerySet[Any] | Sequence[Any], present: Callable[[Any], Any] | None = None) -> Response:
        """A list under the contract's rules from rows that are plain data, or that ``present`` makes so."""
        paginator = ListPagination()
        page = paginator.paginate_queryset(rows, self.request, self)
        return paginator.get_paginated_response([present(row) for row in page] if present else page)


class GenericAPIView(generics.GenericAPIView, APIView):
    """DRF's generic view under the contract: filters, sorting and paging with everything undeclared refused.

    ``filterset_class`` or ``filterset_fields`` declare filters, ``sort_fields`` what may be sorted by.
    """

    pagination_class = ListPagination
    filter_backends = [filters.FilterBackend, filters.SortBackend]
    sort_fields: ClassVar[tuple[str, ...] | dict[str, str]] = ()

    def known_query_parameters(self) -> Iterable[str] | None:
        if not self.answers_list():
            return self.query_parameters
        known = [*(self.query_parameters or ()), *getattr(self.pagination_class, "query_parameters", ())]
        for backend in self.filter_backends:
            known.extend(getattr(backend(), "query_parameters", lambda view: ())(self))
        return known

    def answers_list(self) -> bool:
        """Whether this very request asks for a list of this view's rows."""
        return getattr(self, "action", None) == "list" or (isinstance(self, mixins.ListModelMixin) and not hasattr(self, "action"))


class ListAPIView(mixins.ListModelMixin, GenericAPIView):
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)


class RetrieveAPIView(mixins.RetrieveModelMixin, GenericAPIView):
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.retrieve(request, *args, **kwargs)


class GenericViewSet(viewsets.ViewSetMixin, GenericAPIView):
    pass


class ReadOnlyModelViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, GenericViewSet):
    pass


class ModelViewSet(
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    mixins.ListModelMixin,
    GenericViewSet,
):
    pass
