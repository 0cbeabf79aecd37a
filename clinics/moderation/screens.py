"""The moderators' screens: the queue, one case of it, and decisions about many."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from django.views.generic.base import View as DjangoView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button, HeaderButton

from clinics import policies, services
from clinics.errors import ClinicNotFound
from clinics.models import Clinic, ClinicPage
from fammo.accounts.models import User
from fammo.cms.errors import StaleReview

from . import maps, queue
from .actions import ABOUT_WHAT_IS_PUBLIC, NEED_A_REASON, Action
from .cases import Case, case_of
from .forms import BulkForm, PinForm, RulingForm, empty_reason

PER_PAGE = 50
DONE = {
    Action.APPROVE: gettext_lazy("%(name)s is approved: everybody can read it now."),
    Action.REQUEST_CHANGES: gettext_lazy("The owner of %(name)s has been asked for changes."),
    Action.REJECT: gettext_lazy("%(name)s is rejected; its owner has been told why."),
    Action.SUSPEND: gettext_lazy("%(name)s is not shown any more; its owner has been told why."),
    Action.REINSTATE: gettext_lazy("%(name)s is shown again."),
}


class ModeratorsOnly:
    """For people of the group Clinic moderators and superusers."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not policies.is_moderator(request.user):
            raise PermissionDenied
        try:
            answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except ClinicNotFound as gone:  # back to where they came from would be here again
            messages.error(request, str(gone.message))
            return redirect("clinics_queue")
        return answer

    @property
    def moderator(self) -> User:
        return cast(User, self.request.user)


class Screen(ModeratorsOnly, WagtailAdminTemplateMixin, TemplateView):
    """A page of the admin below "Clinics to review"."""

    page_title = gettext_lazy("Clinics to review")
    header_icon = "clinic"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": reverse("clinics_queue"), "label": _("Clinics to review")}]


class QueueScreen(Screen):
    """What waits, the longest first."""

    template_name = "clinics/moderation/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        asked = self.request.GET
        view = asked.get("view", "")
        view = view if view in queue.View.values else queue.View.ALL
        search = asked.get("q", "").replace("\0", "").strip()[:100]
        page = Paginator(queue.waiting(self.moderator, view=view, search=search), PER_PAGE).get_page(asked.get("p"))
        context |= {
            "page": page,
            "entries": queue.entries(list(page.object_list), self.moderator),
            "view": view,
            "views": queue.View.choices,
            "search": search,
            "address": f"?{urlencode({'view': view, 'q': search})}&p=",
            "target_hours": settings.MODERATION_TARGET_HOURS,
            "bulk_form": BulkForm(),
        }
        return context


class CaseScreen(Screen):
    """One page: what is different, what to look at twice, where it is, and the decision."""

    template_name = "clinics/moderation/case.html"

    @cached_property
    def case(self) -> Case:
        return case_of(self.kwargs["page_id"], self.moderator)

    def get_page_subtitle(self) -> str:
        return str(self.case.submitted.title)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_subtitle()}]

    def get_header_buttons(self) -> list[Button]:
        """Only what opens: moderators have no rights on pages but those that a review gives them."""
        case = self.case
        buttons: list[Button] = []
        if case.review is not None and Action.REJECT in case.actions:
            preview = reverse("wagtailadmin_pages:workflow_preview", args=[case.page.pk, case.review.task_id])
            buttons.append(HeaderButton(_("Preview"), url=preview, icon_name="view", attrs={"target": "_blank"}, priority=10))
        if case.page.permissions_for_user(self.moderator).can_edit():
            card = f"{reverse('wagtailadmin_pages:view_draft', args=[case.page.pk])}?mode=app"
            buttons.append(HeaderButton(_("Card in the app"), url=card, icon_name="mobile-alt", attrs={"target": "_blank"}, priority=15))
            editor = reverse("wagtailadmin_pages:edit", args=[case.page.pk])
            buttons.append(HeaderButton(_("Page editor"), url=editor, icon_name="edit", priority=20))
        return buttons

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        case, where = self.case, self.case.whereabouts
        span = self.request.GET.get("span", "")
        changes = case.changes()
        context |= {
            "case": case,
            "entry": case.entry,
            "changed": [change for change in changes if change.is_changed],
            "unchanged": [change for change in changes if not change.is_changed],
            "since_opened": case.changes_since(self.request.GET.get("opened", "")),
            "was_opened": self.request.GET.get("opened", "") not in {"", case.content_sha256},
            "signals": case.signals(),
            "where": where,
            "picture": maps.draw(where.spots, span_km=int(span) if span.isascii() and span.isdigit() and len(span) < 6 else None),
            "pin": PinForm(initial=_pin_of(case)),
            "history": case.history(),
            "allowed": [action.value for action in case.actions],
            "dialogs": [_dialog(action, case) for action in NEED_A_REASON if action in case.actions],
            "target_hours": settings.MODERATION_TARGET_HOURS,
        }
        return context

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """A decision. The next case follows it; one that was changed since it was opened is shown with what is new."""
        form = RulingForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("A decision needs a reason: say what it is about, why, and what the owner should do."))
            return redirect("clinics_case", page_id)
        ruling = form.ruling(page_id)
        following = queue.after(self.moderator, page_id)
        name = self.case.submitted.title
        try:
            services.decide(ruling=ruling, actor=self.moderator)
        except StaleReview as error:
            messages.error(request, str(error.message))
            return redirect(f"{reverse('clinics_case', args=[page_id])}?{urlencode({'opened': ruling.seen})}")
        messages.success(request, DONE[Action(ruling.action)] % {"name": name})
        if ruling.action in ABOUT_WHAT_IS_PUBLIC:
            return redirect("clinics_case", page_id)
        return to_case(following)


class NextCase(ModeratorsOnly, DjangoView):
    """Leads to the case behind ``after``, without a decision about it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        after = request.GET.get("after", "")
        known = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
        return to_case(queue.after(self.moderator, known))


class ClaimCase(ModeratorsOnly, DjangoView):
    """Takes a case or gives it back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        page = case_of(page_id, self.moderator).page
        if request.POST.get("action") == Action.RELEASE:
            services.release_review(page=page, actor=self.moderator)
        else:
            services.claim_review(page=page, actor=self.moderator)
        return redirect("clinics_case", page_id)


class PlaceCase(ModeratorsOnly, DjangoView):
    """Puts the clinic where the moderator says."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        clinic, form = case_of(page_id, self.moderator).clinic, PinForm(request.POST)
        if form.is_valid():
            services.place_clinic(clinic=clinic, actor=self.moderator, **form.cleaned_data)
            messages.success(request, _("The pin is placed. It stays there, whatever the owner or a geocoder says."))
        else:
            messages.error(request, _("There is no such place on earth."))
        return redirect("clinics_case", page_id)


class BulkScreen(Screen):
    """Decisions about many: first what would become of each, then the decision itself."""

    template_name = "clinics/moderation/bulk.html"
    page_subtitle = gettext_lazy("Decide about several")
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form, items = BulkForm(request.POST), request.POST.getlist("item")[:PER_PAGE]
        if not items:
            messages.warning(request, _("Choose at least one clinic."))
            return redirect("clinics_queue")
        is_rehearsal = "confirmed" not in request.POST
        outcomes: list[services.Outcome] = []
        if form.is_valid():
            outcomes = services.decide_in_bulk(rulings=form.rulings(items), actor=self.moderator, is_rehearsal=is_rehearsal)
        if outcomes and not is_rehearsal:
            return self._done(outcomes)
        context = self.get_context_data(form=form, items=items, outcomes=outcomes)
        context["possible"] = sum(outcome.error is None for outcome in outcomes)
        return render(request, self.template_name, context)

    def _done(self, outcomes: list[services.Outcome]) -> HttpResponse:
        done = sum(outcome.error is None for outcome in outcomes)
        for outcome in outcomes:
            if outcome.error is not None:
                messages.error(self.request, f"{outcome.name}: {outcome.error.message}")
        if done:
            sentence = ngettext("%(number)s clinic is decided.", "%(number)s clinics are decided.", done)
            messages.success(self.request, sentence % {"number": done})
        return redirect("clinics_queue")


def to_case(page_id: int | None) -> HttpResponse:
    return redirect("clinics_queue") if page_id is None else redirect("clinics_case", page_id)


def case_url(clinic: Clinic) -> str:
    """The case of the clinic's own page."""
    return reverse("clinics_case", args=[clinic.page_id])


def admin_urls() -> list[URLPattern]:
    return [
        path("clinics/queue/", QueueScreen.as_view(), name="clinics_queue"),
        path("clinics/queue/next/", NextCase.as_view(), name="clinics_next_case"),
        path("clinics/queue/bulk/", BulkScreen.as_view(), name="clinics_bulk"),
        path("clinics/queue/<int:page_id>/", CaseScreen.as_view(), name="clinics_case"),
        path("clinics/queue/<int:page_id>/claim/", ClaimCase.as_view(), name="clinics_claim"),
        path("clinics/queue/<int:page_id>/place/", PlaceCase.as_view(), name="clinics_place"),
    ]


def _dialog(action: Action, case: Case) -> dict[str, Any]:
    seen = case.public_sha256 if action in ABOUT_WHAT_IS_PUBLIC else case.content_sha256
    return {"action": action.value, "title": action.label, "form": empty_reason(action), "seen": seen}


def _pin_of(case: Case) -> dict[str, Any]:
    """Where the pin is, or would be put first."""
    place: Clinic | ClinicPage = case.clinic if case.clinic.latitude is not None else case.facts
    return {"latitude": place.latitude, "longitude": place.longitude}
