"""Operations over HTTP: the audit log, metrics, background tasks, feature flags."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar, cast

import django_filters
from django.db.models import QuerySet
from django_tasks_db.models import DBTaskResult
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from waffle.models import Flag

from fammo.api import flags, metrics
from fammo.api.admin import AdminAPIView, AdminListAPIView
from fammo.api.audit import Verb as ApiVerb
from fammo.api.conditional import etag_of, require_match
from fammo.api.pagination import ListPagination
from fammo.audit.filters import EntryFilters
from fammo.audit.models import Entry
from fammo.jobs import services
from fammo.jobs.audit import Verb
from fammo.jobs.errors import TaskNotFound

from .serializers import STATES, AuditEntrySerializer, FlagSerializer, MetricSerializer, RetriedSerializer, TaskSerializer

if TYPE_CHECKING:
    from fammo.accounts.models import User

SEE, CONTROL = "server.view_operations", "server.control_operations"


class AuditView(AdminListAPIView):
    """Who did what, the latest first."""

    permissions: ClassVar = {"GET": "audit.view_entry"}
    queryset = Entry.objects.all()
    serializer_class = AuditEntrySerializer
    filterset_class = EntryFilters
    sort_fields = ("recorded_at", "verb")

    @extend_schema(operation_id="admin_audit_list", summary="Read the audit log")
    def get(self, request: Request) -> Response:
        return self.list(request)


class MetricsView(AdminAPIView):
    """The few numbers that say how Fammo is doing."""

    permissions: ClassVar = {"GET": SEE}
    query_parameters = ListPagination.query_parameters

    @extend_schema(operation_id="admin_metrics_list", summary="Read the metrics", responses=MetricSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self.list_response([{"name": name, "value": value} for name, value in metrics.summary()])


class TaskFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        field_name="status",
        choices=[(name, name) for name in STATES.values()],
        method="in_state",
        help_text="queued, running, parked or done.",
    )
    task_path = django_filters.CharFilter(max_length=255)

    class Meta:
        model = DBTaskResult
        fields: tuple[str, ...] = ()

    def in_state(self, queryset: QuerySet[DBTaskResult], name: str, value: str) -> QuerySet[DBTaskResult]:
        return queryset.filter(status=next(status for status, state in STATES.items() if state == value))


class TasksView(AdminListAPIView):
    """Background tasks, the newest first; parked ones wait for somebody."""

    permissions: ClassVar = {"GET": SEE}
    queryset = DBTaskResult.objects.order_by("-enqueued_at", "pk").defer("args_kwargs", "return_value", "traceback")
    serializer_class = TaskSerializer
    filterset_class = TaskFilters
    sort_fields = ("enqueued_at", "finished_at")
    cursor_ordering = ("-enqueued_at", "pk")

    @extend_schema(operation_id="admin_tasks_list", summary="List background tasks")
    def get(self, request: Request) -> Response:
        return self.list(request)


class TaskView(AdminAPIView):
    """One background task."""

    permissions: ClassVar = {"GET": SEE}

    @extend_schema(operation_id="admin_tasks_retrieve", summary="Read one background task", responses=TaskSerializer)
    def get(self, request: Request, task_id: uuid.UUID) -> Response:
        task = DBTaskResult.objects.filter(pk=task_id).first()
        if task is None:
            raise TaskNotFound
        return Response(TaskSerializer(task).data)


class RetryTaskView(AdminAPIView):
    """Another chance for one parked task."""

    permissions: ClassVar = {"POST": CONTROL}
    verbs: ClassVar = {"POST": Verb.RETRIED}

    @extend_schema(operation_id="admin_tasks_retry", summary="Retry one parked task", request=None, responses=TaskSerializer)
    def post(self, request: Request, task_id: uuid.UUID) -> Response:
        return Response(TaskSerializer(services.retry_task(task_id=task_id, actor=cast("User", request.user))).data)


class RetryTasksView(AdminAPIView):
    """Another chance for every parked task."""

    permissions: ClassVar = {"POST": CONTROL}
    verbs: ClassVar = {"POST": Verb.ALL_RETRIED}

    @extend_schema(operation_id="admin_tasks_retry_all", summary="Retry all parked tasks", request=None, responses=RetriedSerializer)
    def post(self, request: Request) -> Response:
        return Response({"retried": services.retry_parked(actor=cast("User", request.user))})


class FlagsView(AdminListAPIView):
    """Every feature flag that code asks for."""

    permissions: ClassVar = {"GET": "waffle.view_flag"}
    serializer_class = FlagSerializer

    def get_queryset(self) -> QuerySet[Flag]:
        names = [feature.name for feature in flags.declared()]
        return Flag.objects.filter(name__in=names).prefetch_related("groups", "users").order_by("name")

    @extend_schema(operation_id="admin_flags_list", summary="List the feature flags")
    def get(self, request: Request) -> Response:
        return self.list(request)


class FlagView(AdminAPIView):
    """One feature flag. Two people may turn it: a change names the state that it was made for."""

    permissions: ClassVar = {"GET": "waffle.view_flag", "PATCH": "waffle.change_flag"}
    verbs: ClassVar = {"PATCH": ApiVerb.FLAG_CHANGED}

    @extend_schema(operation_id="admin_flags_retrieve", summary="Read one feature flag", responses=FlagSerializer)
    def get(self, request: Request, name: str) -> Response:
        flag = Flag.objects.filter(name=name).first()
        if flag is None:
            raise flags.FlagNotFound
        return _flag_answer(flag)

    @extend_schema(
        operation_id="admin_flags_update",
        summary="Turn a feature flag",
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that you read.")],
        request=FlagSerializer,
        responses=FlagSerializer,
    )
    def patch(self, request: Request, name: str) -> Response:
        serializer = FlagSerializer(data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        flag = flags.turn(
            name=name,
            changes=serializer.validated_data,
            actor=cast("User", request.user),
            refuse_if_changed=lambda flag: require_match(request, _etag(flag)),
        )
        return _flag_answer(flag)


def _flag_answer(flag: Flag) -> Response:
    return Response(FlagSerializer(flag).data, headers={"ETag": _etag(flag)})


def _etag(flag: Flag) -> str:
    return etag_of(*FlagSerializer(flag).data.items())
