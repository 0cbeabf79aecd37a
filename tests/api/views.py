"""Views that exist to be asked by the tests of fammo.api."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import django_filters
from django.contrib.auth.models import Group
from django.core import exceptions as django_errors
from django.db import OperationalError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from wagtail.models import Page

from fammo.api import conditional
from fammo.api.pagination import ListPagination
from fammo.api.stored import StoredAnswer
from fammo.api.versioning import deprecated
from fammo.api.views import APIView, ModelViewSet
from fammo.common import errors as domain


class PingView(APIView):
    permission_classes = [AllowAny]
    query_parameters = ("verbose",)

    def get(self, request: Request) -> Response:
        return Response({"status": "ok", "moment": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "weight": Decimal("4.50")})


class StoredGroupsView(StoredAnswer, APIView):
    stored_tables = (Group,)
    query_parameters = ListPagination.query_parameters
    built = 0

    def get(self, request: Request) -> Response:
        type(self).built += 1
        return self.list_response(Group.objects.order_by("pk").values("id", "name"))


class StoredPagesView(StoredAnswer, APIView):
    stored_tables = (Page,)

    def get(self, request: Request) -> Response:
        return Response(list(Page.objects.order_by("pk").values("id", "title")))


class PlainGroupsView(APIView):
    permission_classes = [AllowAny]
    query_parameters = ListPagination.query_parameters
    list_cap = 3

    def get(self, request: Request) -> Response:
        return self.list_response(Group.objects.order_by("pk").values("id", "name"), lambda row: row["name"])


class LettersView(APIView):
    """A list of rows that are in memory anyway."""

    permission_classes = [AllowAny]
    query_parameters = ListPagination.query_parameters

    def get(self, request: Request) -> Response:
        return self.list_response([{"name": name} for name in "abc"])


class PrivateView(APIView):
    def get(self, request: Request) -> Response:
        return Response({"user": request.user.pk})


class BrokenError(RuntimeError):
    pass


ERRORS: dict[str, Any] = {
    "invalid": lambda: domain.InvalidInput(fields={"weight": ["Too heavy."], "status": ["Unknown."]}),
    "conflict": lambda: domain.Conflict(code="slot_unavailable"),
    "not-allowed": lambda: domain.NotAllowed(),
    "not-found": lambda: domain.NotFound(),
    "not-authenticated": lambda: domain.NotAuthenticated(),
    "changed": lambda: domain.PreconditionFailed(),
    "quota": lambda: domain.LimitReached("Used up.", extra={"limit": 3, "used": 3, "reset_date": "2026-12-01"}),
    "rate": lambda: domain.LimitReached(retry_after_seconds=30),
    "http404": lambda: Http404(),
    "denied": lambda: django_errors.PermissionDenied(),
    "suspicious": lambda: django_errors.SuspiciousOperation(),
    "too-big": lambda: django_errors.RequestDataTooBig(),
    "model": lambda: django_errors.ValidationError({"name": ["Taken."], "__all__": ["Together they are wrong."]}),
    "nested": lambda: ValidationError({"hours": [{}, {"open": ["Required."]}]}),
    "one": lambda: ValidationError("Only this."),
    "broken": lambda: BrokenError("the secret cause"),
    "database-away": lambda: OperationalError("the secret cause"),
}


class RaisingView(APIView):
    permission_classes = [AllowAny]

    def get(self, request: Request, what: str) -> Response:
        raise ERRORS[what]()


class EchoView(APIView):
    permission_classes = [AllowAny]

    def post(self, request: Request) -> Response:
        return Response(request.data)


class LazyView(APIView):
    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:
        return Response({"text": _("This field is required.")})


class OrderView(APIView):
    """Makes a group, refuses the name "bad" after making one, and breaks at "broken"."""

    permission_classes = [AllowAny]

    def post(self, request: Request) -> Response:
        group = Group.objects.create(name=request.data["name"])
        if group.name == "bad":
            raise ValidationError({"name": ["Bad."]})
        if group.name == "broken":
            raise BrokenError
        return Response({"id": group.pk, "name": group.name}, status=201, headers={"Location": f"/groups/{group.pk}/"})


class GuardedView(APIView):
    permission_classes = [AllowAny]
    throttle_scope = "auth"

    def post(self, request: Request) -> Response:
        return Response(status=204)


@deprecated(since=date(2026, 1, 1), sunset=date(2026, 7, 1), link="https://fammo.example/changes")
class OldView(APIView):
    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:
        return self.list_response(Group.objects.order_by("pk").values("id", "name"))


class VersionedView(APIView):
    permission_classes = [AllowAny]

    def put(self, request: Request) -> Response:
        conditional.require_match(request, conditional.etag_of("thing", 7))
        return Response({"version": 8})


class GroupSerializer(serializers.ModelSerializer[Group]):
    class Meta:
        model = Group
        fields = ["id", "name"]


class GroupFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(field_name="name", lookup_expr="istartswith")
    member = django_filters.NumberFilter(field_name="user")

    class Meta:
        model = Group
        fields = ["name"]


class GroupViewSet(ModelViewSet):
    permission_classes = [AllowAny]
    serializer_class = GroupSerializer
    queryset = Group.objects.order_by("pk")
    filterset_class = GroupFilter
    sort_fields = ("name",)
