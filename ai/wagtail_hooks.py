"""AI in the admin: the register of generations, quota use, the chart of sources, and the laboratory."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import Permission
from django.db import models
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from fammo.cms.registers import Register

from . import selectors
from .admin.ingredients import IngredientViewSet
from .admin.views import LaboratoryView, SourcesView
from .models import Generation, MonthlyUse


class GenerationRegister(Register):
    """Every generation: what became of it, what the model did, how long it took and what it cost."""

    model = Generation
    base_url_path = "ai/generations"
    menu_label = _("Generations")
    menu_icon = "history"
    list_display = ("reserved_at", "kind", "result", "outcome", "objections", "latency_ms", "cost", "person")
    list_filter = ("kind", "state", "source", "outcome", "language", "reserved_at")
    search_fields = ("user__email", "model_name")
    inspect_view_fields: ClassVar = [
        *("kind", "language", "state", "source", "outcome", "findings", "model_name", "rules_version", "model_calls"),
        *("prompt_tokens", "completion_tokens", "cost", "latency_ms", "usage_count", "monthly_limit"),
        *("reserved_at", "promised_at", "finished_at", "expires_at", "user", "pet"),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Generation]:
        return super().get_queryset(request).select_related("user").order_by("-reserved_at", "-pk")

    @staticmethod
    def result(generation: Generation) -> str:
        """Who wrote what was stored, or why nothing is."""
        return generation.get_source_display() if generation.state == Generation.State.COMMITTED else generation.get_state_display()

    @staticmethod
    def objections(generation: Generation) -> str:
        """Each finding once; the codes are English."""
        return ", ".join(dict.fromkeys(code.replace("_", " ") for code in generation.findings))

    @staticmethod
    def person(generation: Generation) -> str:
        return generation.user.email


GenerationRegister.result.short_description = _("result")  # type: ignore[attr-defined]
GenerationRegister.result.admin_order_field = "source"  # type: ignore[attr-defined]
GenerationRegister.objections.short_description = _("referee's findings")  # type: ignore[attr-defined]
GenerationRegister.person.short_description = _("person")  # type: ignore[attr-defined]


class MonthlyUseRegister(Register):
    """What people have used of what their plans allow."""

    model = MonthlyUse
    base_url_path = "ai/use"
    menu_label = _("Quota use")
    menu_icon = "tasks"
    list_display = ("month_name", "kind", "person", "plan", "used", "limit")
    list_filter = ("kind", "month")
    search_fields = ("user__email",)
    inspect_view_fields: ClassVar = ["month", "kind", "user", "used"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[MonthlyUse]:
        return super().get_queryset(request).select_related("user__profile__subscription_plan").order_by("-month", "-used", "pk")

    @staticmethod
    def month_name(use: MonthlyUse) -> str:
        return date_format(use.month, "YEAR_MONTH_FORMAT")

    @staticmethod
    def person(use: MonthlyUse) -> str:
        return use.user.email

    @staticmethod
    def plan(use: MonthlyUse) -> str:
        return str(use.user.profile.subscription_plan)

    @staticmethod
    def limit(use: MonthlyUse) -> str:
        limit = selectors.limit_of(use.user.profile, use.kind)
        return gettext("without limit") if limit is None else str(limit)


MonthlyUseRegister.month_name.short_description = _("month")  # type: ignore[attr-defined]
MonthlyUseRegister.month_name.admin_order_field = "month"  # type: ignore[attr-defined]
MonthlyUseRegister.person.short_description = _("person")  # type: ignore[attr-defined]
MonthlyUseRegister.plan.short_description = _("plan")  # type: ignore[attr-defined]
MonthlyUseRegister.limit.short_description = _("monthly limit")  # type: ignore[attr-defined]


class ScreenMenuItem(MenuItem):
    """A link for people with its permission."""

    def __init__(self, label: Any, url_name: str, permission: str, **kwargs: Any) -> None:
        self.permission = permission
        super().__init__(label, reverse(url_name), **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.permission)


class AiGroup(ModelAdminGroup):
    menu_label = _("AI advice")
    menu_item_name = "ai-advice"
    menu_icon = "openquote"
    menu_order = 340
    items = (GenerationRegister, MonthlyUseRegister)

    def get_submenu_items(self) -> list[Any]:
        return [
            *super().get_submenu_items(),
            ScreenMenuItem(_("Sources and rejections"), "ai_sources", "ai.view_generation", icon_name="table", order=10),
            ScreenMenuItem(_("Try a profile"), "ai_laboratory", "ai.try_profiles", icon_name="glasses", order=11),
        ]


modeladmin_register(AiGroup)
register_snippet(IngredientViewSet)


@hooks.register("register_admin_urls")
def register_screens() -> list[URLPattern]:
    return [
        path("ai/sources/", SourcesView.as_view(), name="ai_sources"),
        path("ai/laboratory/", LaboratoryView.as_view(), name="ai_laboratory"),
    ]


@hooks.register("register_permissions")
def register_permissions() -> models.QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="ai", codename="try_profiles")
