"""Screens of the Wagtail admin that are about legal texts and consent, beside the page editor and the registers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet

from fammo.common.errors import DomainError

from . import policies, services
from .models import LegalPage, WatchedTerm
from .rates import consent_rates

if TYPE_CHECKING:
    from fammo.accounts.models import User


class WatchedTermViewSet(ModelViewSet):
    """The words that no editorial change may touch."""

    model = WatchedTerm
    name = "watched_terms"
    url_prefix = "legal/watched-terms"
    icon = "view"
    menu_label = gettext_lazy("Watched terms")
    menu_order = 30
    copy_view_enabled = False
    list_per_page = 100
    list_display = ("term", "language", "subject")
    list_filter = ("language", "subject")
    search_fields = ("term",)
    search_backend_name = None
    form_fields = ("language", "subject", "term")


class ConsentRatesView(WagtailAdminTemplateMixin, TemplateView):
    """Who accepts what: a bar per version and language."""

    template_name = "legal/admin/consent_rates.html"
    page_title = gettext_lazy("Consent rates")
    header_icon = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not policies.can_read_ledger(cast("User", request.user)):  # the admin lets nobody else in
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(versions=consent_rates(), **kwargs)


class ConsentRatesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return policies.can_read_ledger(cast("User", request.user))


@require_POST
def send_translation(request: HttpRequest, page_id: int) -> HttpResponse:
    """Puts a translation that was finished after its source was published before the approvers."""
    page = get_object_or_404(LegalPage, pk=page_id)
    user = cast("User", request.user)  # the admin lets nobody else in
    if not page.permissions_for_user(user).can_edit():
        raise PermissionDenied
    try:
        services.send_translation_for_approval(page=page, actor=user)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("“%(title)s” was sent for approval.") % {"title": page.title})
    return redirect("wagtailadmin_pages:edit", page.pk)
