"""The moderators' door: the register of clinics, suspending with a reason, and what the page editor must refuse."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from wagtail import hooks
from wagtail.actions import ActionRegistry
from wagtail.admin.action_menu import ActionMenuItem, CancelWorkflowMenuItem
from wagtail.admin.compare import TextFieldComparison, register_comparison_class
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, StatusTagColumn
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic import EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.widgets.button import Button
from wagtail.models import Page, WorkflowState
from wagtail.permissions import register_permission_policy

from fammo.common import languages

from . import actions, policies, services
from .models import Clinic, ClinicListing, ClinicPage, ModerationDecision
from .moderation import screens
from .moderation.panels import QueuePanel
from .permissions import ClinicPolicy, RegisterPolicy

register_permission_policy(Clinic, ClinicPolicy(Clinic))
register_permission_policy(ModerationDecision, RegisterPolicy(ModerationDecision))


NATIVE_NAMES = dict(languages.CHOICES)


class PhoneNumberComparison(TextFieldComparison):
    """Two versions of a phone number, compared as they are written."""

    def __init__(self, field: PhoneNumberField, obj_a: ClinicPage, obj_b: ClinicPage) -> None:
        super().__init__(field, obj_a, obj_b)
        self.val_a, self.val_b = (str(field.value_from_object(version) or "") for version in (obj_a, obj_b))


register_comparison_class(PhoneNumberField, comparison_class=PhoneNumberComparison)


class ClinicIndexView(IndexView):
    """Clinics, the longest waiting first; the title leads to the case, where decisions are made."""

    def get_base_queryset(self) -> QuerySet[Clinic]:
        open_reviews = WorkflowState.objects.filter(
            status=WorkflowState.STATUS_IN_PROGRESS, object_id=Cast(OuterRef("page_id"), CharField())
        ).order_by("pk")
        waiting = Subquery(open_reviews.values("current_task_state__started_at")[:1])
        clinics: QuerySet[Clinic] = super().get_base_queryset()
        return clinics.select_related("page", "owner").annotate(waiting_since=waiting)

    def order_queryset(self, queryset: QuerySet[Clinic]) -> QuerySet[Clinic]:
        if self.ordering == "waiting_since":
            return queryset.order_by(F("waiting_since").asc(nulls_last=True), "-created_at", "pk")
        ordered: QuerySet[Clinic] = super().order_queryset(queryset)
        return ordered

    def get_edit_url(self, instance: Clinic) -> str:
        return screens.case_url(instance)

    def get_list_more_buttons(self, instance: Clinic) -> list[Any]:
        buttons = [*super().get_list_more_buttons(instance)]
        if policies.can_decide(self.request.user, instance):
            verification = reverse(self.edit_url_name, args=[instance.pk])
            buttons.append(Button(_("Verification"), url=verification, icon_name="check", priority=30))
        return buttons


class ClinicVerificationView(EditView):
    """Whether Fammo has checked who this clinic is; saved by the service that any door uses."""

    def save_instance(self) -> Clinic:
        return services.verify_clinic(clinic=self.form.instance, actor=self.request.user, is_verified=self.form.cleaned_data["is_verified"])


class ClinicViewSet(ModelViewSet):
    model = Clinic
    name = "clinic_register"
    url_prefix = "clinics/register"
    icon = "clinic"
    menu_label = _("Clinics")
    menu_order = 100
    index_view_class = ClinicIndexView
    edit_view_class = ClinicVerificationView
    copy_view_enabled = False
    list_per_page = 50
    ordering = "waiting_since"
    list_filter = ("state", "is_verified", "clinic_eoi", "page__country")
    search_fields = ("page__title", "page__city", "owner__email")
    search_backend_name = None
    panels = (FieldPanel("is_verified"),)
    list_display = (
        "__str__",
        StatusTagColumn(
            "state",
            label=_("State"),
            accessor=lambda clinic: capfirst(clinic.get_state_display()),
            primary=lambda clinic: clinic.state == Clinic.State.PENDING,
            sort_key="state",
        ),
        Column("city", label=_("City"), accessor="page.city", sort_key="page__city"),
        Column("owner", label=_("Owner"), accessor=lambda clinic: clinic.owner or ""),
        DateColumn("waiting_since", label=_("Waiting since"), sort_key="waiting_since"),
        BooleanColumn("is_verified", label=_("Verified"), sort_key="is_verified"),
    )


class DecisionViewSet(ModelViewSet):
    model = ModerationDecision
    name = "clinic_decisions"
    url_prefix = "clinics/decisions"
    icon = "clipboard-list"
    menu_label = _("Decisions")
    menu_order = 200
    copy_view_enabled = False
    inspect_view_enabled = True
    list_per_page = 50
    list_filter = ("decision", "reason_code", "language")
    search_fields = ("clinic_name", "reason_text")
    search_backend_name = None
    form_fields = ("reason_text",)  # never shown: the policy lets nobody edit, but the viewset builds the form
    list_display = (
        "clinic_name",
        Column("decision", label=_("Decision"), accessor="get_decision_display", sort_key="decision"),
        Column("language", label=_("Language"), accessor=lambda decision: NATIVE_NAMES[decision.language], sort_key="language"),
        Column("reason_code", label=_("Reason"), accessor="get_reason_code_display"),
        Column("actor", label=_("Decided by"), accessor=lambda decision: decision.actor or ""),
        DateColumn("decided_at", label=_("Decided on"), sort_key="decided_at"),
    )


class QueueMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return policies.is_moderator(request.user)


class ClinicGroup(ModelViewSetGroup):
    menu_label = _("Clinics")
    menu_icon = "clinic"
    menu_order = 220
    items = (ClinicViewSet, DecisionViewSet)

    def get_submenu_items(self) -> list[MenuItem]:
        return [
            QueueMenuItem(_("To review"), reverse("clinics_queue"), name="clinics-queue", icon_name="tasks", order=50),
            *super().get_submenu_items(),
        ]


@hooks.register("register_admin_viewset")
def register_clinics() -> ClinicGroup:
    return ClinicGroup()


@hooks.register("register_admin_urls")
def register_screens() -> list[URLPattern]:
    return screens.admin_urls()


@hooks.register("construct_homepage_panels")
def show_the_queue_first(request: HttpRequest, panels: list[Any]) -> None:
    if policies.is_moderator(request.user):
        panels.append(QueuePanel())


@hooks.register("construct_page_action_menu")
def offer_no_way_out_of_the_queue(menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    """A clinic leaves the queue by a decision; cancelling its review would leave it waiting with nobody to look at it."""
    page = context.get("page")
    if page is not None and _clinic_of(page) is not None:
        menu_items[:] = [item for item in menu_items if not isinstance(item, CancelWorkflowMenuItem)]


@hooks.register("before_edit_page")
def refuse_to_leave_the_queue(request: HttpRequest, page: Page) -> HttpResponse | None:
    if "action-cancel-workflow" not in request.POST or _clinic_of(page) is None:
        return None
    return _refuse(request, page, _("A clinic leaves the queue by a decision: approve it, or request changes with a reason."))


@hooks.register("after_edit_page")
def back_to_the_queue(request: HttpRequest, page: Page) -> HttpResponse | None:
    """After a decision Wagtail leads to the page tree, where moderators have no business."""
    if "action-workflow-action" not in request.POST or _clinic_of(page) is None:
        return None
    return redirect("clinics_queue")


@hooks.register("before_unpublish_page")
def ask_why(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Taking a clinic down needs a reason, so it goes through the case."""
    clinic = _clinic_of(page)
    if clinic is None or clinic.page_id != page.pk:
        return None
    messages.info(request, _("Suspend the clinic here, with the reason that its owner is told."))
    return redirect(screens.case_url(clinic))


@hooks.register("before_delete_page")
def keep_public_clinic(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Deleting a public clinic would take it down without a reason."""
    return _refuse(request, page, actions.STAYS) if actions.is_public_clinic(page) else None


@hooks.register("before_bulk_action")
def keep_public_clinics(request: HttpRequest, action_type: str, objects: list[Any], action: BulkAction) -> HttpResponse | None:
    """No reason can be given for many at once."""
    if not any(isinstance(page, Page) and actions.is_public_clinic(page) for page in objects):
        return None
    messages.error(request, str(actions.STAYS))
    return redirect(action.next_url)


@hooks.register("register_actions")
def register_actions(registry: ActionRegistry) -> None:
    for action in (actions.Unpublish, actions.Delete):
        registry.register(Page, action)


@hooks.register("before_copy_page")
def refuse_copy(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A copy would be a page without a clinic."""
    if _clinic_of(page) is None:
        return None
    return _refuse(request, page, _("A clinic cannot be copied: register or import another one."))


@hooks.register("before_serve_page")
def hide_unlisted(page: Page, request: HttpRequest, serve_args: Any, serve_kwargs: Any) -> None:
    """The web shows what the directory shows, whatever state a page is in."""
    if isinstance(page, ClinicPage) and not ClinicListing.objects.filter(clinic__page__translation_key=page.translation_key).exists():
        raise Http404


def _clinic_of(page: Page) -> Clinic | None:
    if not isinstance(page.specific, ClinicPage):
        return None
    return Clinic.objects.select_related("page").filter(page__translation_key=page.translation_key).first()


def _refuse(request: HttpRequest, page: Page, sentence: Any) -> HttpResponse:
    messages.error(request, str(sentence))
    return redirect("wagtailadmin_pages:edit", page.pk)
