"""Accounts and plans for staff (``/api/v1/admin/``)."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from fammo.accounts.audit import Verb
from fammo.accounts.errors import AccountNotFound, PlanNotFound
from fammo.accounts.models import SubscriptionPlan, User
from fammo.accounts.services import administration
from fammo.api.admin import AdminAPIView, AdminListAPIView
from fammo.api.conditional import etag_of, require_match

from .admin_serializers import AccountSerializer, AdminPlanSerializer, EndedSerializer
from .callers import caller
from .views import read

VIEW, CHANGE = "accounts.view_user", "server.manage_accounts"
VIEW_PLAN, CHANGE_PLAN = "accounts.view_subscriptionplan", "accounts.change_subscriptionplan"
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that you read.")


def accounts() -> QuerySet[User]:
    return User.objects.select_related("profile").order_by("-date_joined", "pk")


class AccountFilters(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", max_length=254, help_text="Part of an address or name, or the number of an account.")
    is_active = django_filters.BooleanFilter()
    is_staff = django_filters.BooleanFilter()
    subscription_plan = django_filters.NumberFilter(field_name="profile__subscription_plan_id", min_value=1, max_value=2**31 - 1)

    class Meta:
        model = User
        fields: tuple[str, ...] = ()

    def search(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        found = Q(email__icontains=value) | Q(first_name__icontains=value) | Q(last_name__icontains=value)
        if value.isascii() and value.isdigit() and len(value) <= 16:
            found |= Q(pk=int(value))
        return queryset.filter(found)


class AccountsView(AdminListAPIView):
    """Everybody with an account, the newest first."""

    permissions: ClassVar = {"GET": VIEW}
    queryset = accounts()
    serializer_class = AccountSerializer
    filterset_class = AccountFilters
    sort_fields = ("date_joined", "email", "last_login")
    cursor_ordering = ("-date_joined", "pk")

    @extend_schema(operation_id="admin_users_list", summary="List and search accounts")
    def get(self, request: Request) -> Response:
        return self.list(request)


class AccountView(AdminAPIView):
    """One account."""

    permissions: ClassVar = {"GET": VIEW}

    @extend_schema(operation_id="admin_users_retrieve", summary="Read one account", responses=AccountSerializer)
    def get(self, request: Request, user_id: int) -> Response:
        user = accounts().filter(pk=user_id).first()
        if user is None:
            raise AccountNotFound
        return Response(AccountSerializer(user).data)


class DeactivateView(AdminAPIView):
    """An account put out of use; its logins end at once."""

    permissions: ClassVar = {"POST": CHANGE}
    verbs: ClassVar = {"POST": Verb.DEACTIVATED}

    @extend_schema(operation_id="admin_users_deactivate", summary="Deactivate an account", request=None, responses=AccountSerializer)
    def post(self, request: Request, user_id: int) -> Response:
        return Response(AccountSerializer(administration.deactivate_account(user_id=user_id, actor=caller(request))).data)


class ReactivateView(AdminAPIView):
    """An account put back into use."""

    permissions: ClassVar = {"POST": CHANGE}
    verbs: ClassVar = {"POST": Verb.ACTIVATED}

    @extend_schema(operation_id="admin_users_reactivate", summary="Reactivate an account", request=None, responses=AccountSerializer)
    def post(self, request: Request, user_id: int) -> Response:
        return Response(AccountSerializer(administration.reactivate_account(user_id=user_id, actor=caller(request))).data)


class EndLoginsView(AdminAPIView):
    """A person logged out everywhere."""

    permissions: ClassVar = {"POST": CHANGE}
    verbs: ClassVar = {"POST": Verb.SESSIONS_ENDED}

    @extend_schema(operation_id="admin_users_end_sessions", summary="End all logins of a person", request=None, responses=EndedSerializer)
    def post(self, request: Request, user_id: int) -> Response:
        return Response({"ended": administration.end_logins(user_id=user_id, actor=caller(request))})


class PlansView(AdminListAPIView):
    """Every plan with its words in all languages."""

    permissions: ClassVar = {"GET": VIEW_PLAN}
    queryset = SubscriptionPlan.objects.all()
    serializer_class = AdminPlanSerializer

    @extend_schema(operation_id="admin_plans_list", summary="List the plans")
    def get(self, request: Request) -> Response:
        return self.list(request)


class PlanView(AdminAPIView):
    """One plan. Two people may edit it: a change names the state that it was made for."""

    permissions: ClassVar = {"GET": VIEW_PLAN, "PATCH": CHANGE_PLAN}
    verbs: ClassVar = {"PATCH": Verb.PLAN_CHANGED}

    @extend_schema(operation_id="admin_plans_retrieve", summary="Read one plan", responses=AdminPlanSerializer)
    def get(self, request: Request, plan_id: int) -> Response:
        plan = SubscriptionPlan.objects.filter(pk=plan_id).first()
        if plan is None:
            raise PlanNotFound
        return _plan_answer(plan)

    @extend_schema(
        operation_id="admin_plans_update",
        summary="Change a plan",
        parameters=[IF_MATCH],
        request=AdminPlanSerializer,
        responses=AdminPlanSerializer,
    )
    def patch(self, request: Request, plan_id: int) -> Response:
        changes: dict[str, Any] = read(AdminPlanSerializer, request, partial=True)
        plan = administration.change_plan(
            plan_id=plan_id,
            changes=changes,
            actor=caller(request),
            refuse_if_changed=lambda plan: require_match(request, _etag(plan)),
        )
        return _plan_answer(plan)


def _plan_answer(plan: SubscriptionPlan) -> Response:
    return Response(AdminPlanSerializer(plan).data, headers={"ETag": _etag(plan)})


def _etag(plan: SubscriptionPlan) -> str:
    return etag_of(*(field.value_from_object(plan) for field in plan._meta.concrete_fields))
