"""People in the Wagtail admin: their plan, language and logins."""

from __future__ import annotations

from functools import cached_property
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column, DateColumn, Table
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button
from wagtail.users.utils import user_can_delete_user
from wagtail.users.views import users as wagtail_views

from fammo.accounts import selectors, services
from fammo.accounts.models import Erasure, User
from fammo.privacy.inventory import take_inventory

from .forms import AccountCreationForm, AccountEditForm

SESSION_COLUMNS = (
    Column("device", label=gettext_lazy("Device"), accessor=lambda session: session.device or _("unknown")),
    DateColumn("created_at", label=gettext_lazy("Logged in")),
    DateColumn("last_used_at", label=gettext_lazy("Last used")),
)
CONSENT_COLUMNS = (
    Column("document", label=gettext_lazy("Document")),
    Column("state", label=gettext_lazy("State")),
    DateColumn("recorded_at", label=gettext_lazy("Decided")),
)


class ActingForm:
    """Tells the form who is acting."""

    request: HttpRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"actor": self.request.user}  # type: ignore[misc]


class IndexView(wagtail_views.IndexView):
    @cached_property
    def columns(self) -> list[Column]:
        return [
            *super().columns,
            Column("plan", accessor="profile.subscription_plan", label=gettext_lazy("Plan")),
            Column("language", accessor="profile.get_preferred_language_display", label=gettext_lazy("Language")),
        ]

    def get_base_queryset(self) -> QuerySet[User]:
        users: QuerySet[User] = super().get_base_queryset()
        return users.select_related("profile__subscription_plan")


class CreateView(ActingForm, wagtail_views.CreateView):
    pass


class EditView(ActingForm, wagtail_views.EditView):
    @cached_property
    def header_more_buttons(self) -> list[Button]:
        url = reverse("wagtailusers_users:sessions", args=[self.object.pk])
        return [*super().header_more_buttons, Button(_("Logins, consents, deletion"), url=url, icon_name="mobile-alt", priority=30)]


class SessionsView(WagtailAdminTemplateMixin, PermissionCheckedMixin, TemplateView):
    """A person's plan, logins and consents, and whether the account is to go, with the buttons of staff."""

    model = User
    permission_required = "change"
    template_name = "accounts/admin/sessions.html"
    page_title = gettext_lazy("Logins, consents, deletion")
    header_icon = "mobile-alt"

    @cached_property
    def account(self) -> User:
        return get_object_or_404(User.objects.select_related("profile__subscription_plan"), pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.account.email

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        people = {"url": reverse("wagtailusers_users:index"), "label": capfirst(User._meta.verbose_name_plural)}
        account = {"url": reverse("wagtailusers_users:edit", args=[self.account.pk]), "label": self.account.email}
        return [*super().get_breadcrumbs_items(), people, account, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sessions = selectors.sessions_of(self.account)
        consents = selectors.consent_states(self.account)
        return super().get_context_data(**kwargs) | {
            "account": self.account,
            "sessions": sessions,
            "sessions_table": Table(SESSION_COLUMNS, sessions),
            "consents": consents,
            "consents_table": Table(CONSENT_COLUMNS, consents),
            "erasure": selectors.waiting_erasure(self.account),
            "can_erase": user_can_delete_user(self.request.user, self.account),
        }

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.POST.get("action") == "keep_account":
            return self._keep_account(request)
        ended = services.end_sessions_as_staff(user=self.account, actor=cast("User", request.user))
        sentence = ngettext("%(count)d login has been ended.", "%(count)d logins have been ended.", ended) % {"count": ended}
        messages.success(request, sentence)
        return redirect("wagtailusers_users:edit", pk)

    def _keep_account(self, request: HttpRequest) -> HttpResponse:
        if not user_can_delete_user(request.user, self.account):
            raise PermissionDenied
        services.cancel_erasure(user=self.account, actor=cast("User", request.user))
        messages.success(request, _("The account stays. Its owner is told by mail."))
        return redirect("wagtailusers_users:sessions", self.account.pk)


class EraseView(wagtail_views.DeleteView):
    """Wagtail's way to delete a person, through the service that erases everything about them and leaves a receipt."""

    template_name = "accounts/admin/erase.html"
    page_title = gettext_lazy("Delete user")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        inventory = take_inventory(selectors.person_of(self.object))
        days = settings.ENVIRONMENT.erasure_delay_days
        return super().get_context_data(**kwargs) | {"inventory": inventory, "days": days}

    def delete_action(self) -> None:
        services.request_erasure(user=self.object, origin=Erasure.Origin.STAFF, actor=self.request.user)

    def get_success_message(self) -> str:
        days = settings.ENVIRONMENT.erasure_delay_days
        if not days:
            return _("User deleted.")
        return _("The account will be deleted in %(days)d days; all its logins have ended.") % {"days": days}


class UserViewSet(wagtail_views.UserViewSet):
    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = EraseView
    delete_template_name = EraseView.template_name
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[AccountCreationForm] | type[AccountEditForm]:
        return AccountEditForm if for_update else AccountCreationForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("sessions/<int:pk>/", SessionsView.as_view(), name="sessions")]
