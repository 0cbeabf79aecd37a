"""The admin's side of legal pages: the read-only registers (design D14), and the doors around the review that are shut (D4, D5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail_localize.views import convert
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from fammo.cms.errors import StaleReview
from fammo.cms.models import ReviewedPage
from fammo.cms.registers import Register

from .admin import ConsentRatesMenuItem, ConsentRatesView, WatchedTermViewSet, send_translation
from .models import ConsentEvent, ConsentSubject, LegalPage, LegalVersion


class LegalVersionRegister(Register):
    """Every text that was ever published, with its languages and hashes."""

    model = LegalVersion
    base_url_path = "legal/versions"
    menu_label = _("Published versions")
    menu_icon = "history"
    list_display = ("document_type", "version", "effective_on", "change_class", "acceptance", "languages", "created_at")
    list_filter = ("document_type", "change_class", "requires_acceptance", "effective_on")
    list_export = list_display
    export_filename = "legal-versions"
    search_fields = ("version", "texts__title", "texts__change_note")
    inspect_view_fields = (
        "document_type",
        "version",
        "effective_on",
        "change_class",
        "requires_acceptance",
        "published_by",
        "created_at",
        "source_revision_id",
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[LegalVersion]:
        return super().get_queryset(request).prefetch_related("texts").order_by("-created_at", "-pk")

    @staticmethod
    def acceptance(version: LegalVersion) -> str:
        """In words: for a boolean column modeladmin draws Django admin's icons, which this site does not have."""
        return gettext("Yes") if version.requires_acceptance else gettext("No")

    @staticmethod
    def languages(version: LegalVersion) -> str:
        return ", ".join(text.language for text in version.texts.all())


class ConsentLedgerRegister(Register):
    """What was accepted, rejected, withdrawn and viewed; the person shows only as long as the account exists."""

    model = ConsentEvent
    base_url_path = "legal/consents"
    menu_label = _("Consent ledger")
    menu_icon = "clipboard-list"
    list_display = ("sequence", "recorded_at", "action", "version", "purpose", "language", "person", "app_version")
    list_filter = ("action", "version__document_type", "purpose", "language", "recorded_at")
    list_export = (*list_display, "text_sha256", "subject", "origin_sha256", "previous_hash", "hash")
    export_filename = "consent-ledger"
    search_fields = ("origin__subject__user__email", "text_sha256", "hash")
    inspect_view_fields = (
        "sequence",
        "recorded_at",
        "action",
        "version",
        "purpose",
        "language",
        "text_sha256",
        "subject",
        "app_version",
        "origin_sha256",
        "previous_hash",
        "hash",
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[ConsentEvent]:
        return super().get_queryset(request).select_related("version", "origin__subject__user", "origin__acted_by").order_by("-sequence")

    @staticmethod
    def person(event: ConsentEvent) -> str:
        """Whom the event leads to as long as it leads anywhere: an address, a clinic, or the kind of a nameless device."""
        origin = getattr(event, "origin", None)
        if origin is None:
            return gettext("erased")
        subject = origin.subject
        if subject.user is not None:
            return str(subject.user.email)
        who = (
            f"{subject.get_kind_display()} {subject.reference}"
            if subject.kind == ConsentSubject.Kind.CLINIC
            else subject.get_kind_display()
        )
        return f"{who} ({origin.acted_by.email})" if origin.acted_by else str(who)

    person.short_description = _("person")  # type: ignore[attr-defined]


LegalVersionRegister.acceptance.short_description = _("requires acceptance")  # type: ignore[attr-defined]
LegalVersionRegister.acceptance.admin_order_field = "requires_acceptance"  # type: ignore[attr-defined]
LegalVersionRegister.languages.short_description = _("languages")  # type: ignore[attr-defined]


WATCHED_TERMS = WatchedTermViewSet()


class LegalRegisters(ModelAdminGroup):
    menu_label = _("Legal")
    menu_icon = "doc-full-inverse"
    menu_order = 250
    items = (LegalVersionRegister, ConsentLedgerRegister)

    def get_submenu_items(self) -> list[MenuItem]:
        rates = ConsentRatesMenuItem(_("Consent rates"), reverse("legal_consent_rates"), name="consent-rates", icon_name="view", order=20)
        return [*super().get_submenu_items(), rates, WATCHED_TERMS.get_menu_item(order=30)]


modeladmin_register(LegalRegisters)


@hooks.register("register_admin_viewset")
def register_watched_terms() -> WatchedTermViewSet:
    return WATCHED_TERMS


@hooks.register("register_admin_urls")
def register_screens() -> list[URLPattern]:
    return [
        path("legal/consent-rates/", ConsentRatesView.as_view(), name="legal_consent_rates"),
        path("legal/translations/<int:page_id>/send/", send_translation, name="legal_send_translation"),
    ]


@hooks.register("before_edit_page")
def refuse_decision_on_ended_review(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A review that began anew because a translation changed keeps its revision, so the opened page names its review as well."""
    page = page.specific
    if request.method != "POST" or "action-workflow-action" not in request.POST or not isinstance(page, LegalPage) or page.source() != page:
        return None
    review = page.current_workflow_task_state
    if review is None or request.POST.get("review") == str(review.pk):
        return None
    messages.error(request, str(StaleReview.message))
    return redirect("wagtailadmin_pages:edit", page.pk)


def convert_to_alias(request: HttpRequest, page_id: int) -> HttpResponse:
    """wagtail-localize's view, except for reviewed pages: an alias shows another language's text and needs nobody's approval."""
    if isinstance(get_object_or_404(Page, pk=page_id).specific, ReviewedPage):
        raise PermissionDenied
    return convert.convert_to_alias(request, page_id)


@hooks.register("register_admin_urls", order=-1)
def shadow_convert_to_alias() -> list[URLPattern]:
    """The same address as wagtail-localize's, resolved before it; links to it keep their name."""
    return [path("localize/page/<int:page_id>/convert_to_alias/", convert_to_alias, name="legal_convert_to_alias")]


@hooks.register("construct_page_action_menu")
def hide_convert_to_alias(menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    if isinstance(context.get("page"), ReviewedPage):
        menu_items[:] = [item for item in menu_items if item.name != "localize-convert-to-alias"]
