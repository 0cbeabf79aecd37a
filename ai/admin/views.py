"""The screens of AI in the admin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ai.audit import Verb, record
from ai.models import Generation
from fammo.accounts.models import User

from . import chart
from .chart import Share
from .laboratory import ProfileForm, try_engine, try_model

DAYS = 30
SHARE_LABELS = {
    Share.MODEL: _("Worded by the model"),
    Share.ENGINE: _("By the engine, the model was not asked"),
    Share.REJECTED: _("By the engine, the referee rejected the model"),
    Share.FAILED: _("By the engine, the model failed"),
    Share.RELEASED: _("Not stored"),
}


class Screen(WagtailAdminTemplateMixin):
    """A page of the admin for people with its permission."""

    request: HttpRequest
    permission_needed = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.permission_needed):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


class SourcesView(Screen, TemplateView):
    """Who wrote what was stored in the last thirty days, and what was rejected."""

    template_name = "ai/admin/sources.html"
    page_title = _("Sources and rejections")
    header_icon = "table"
    permission_needed = "ai.view_generation"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = chart.counts_by_day(self._rows(), chart.last_days(timezone.localdate(), DAYS))
        totals = {share: sum(shares[share] for shares in counts.values()) for share in Share}
        table = [(day, [shares[share] for share in Share]) for day, shares in reversed(counts.items()) if any(shares.values())]
        shares = [(share, SHARE_LABELS[share], totals[share]) for share in Share]
        return super().get_context_data(**kwargs) | {"chart": chart.draw(counts), "shares": shares, "table": table, "days": DAYS}

    @staticmethod
    def _rows() -> Iterable[Mapping[str, object]]:
        finished = Generation.objects.exclude(state=Generation.State.RESERVED).annotate(day=TruncDate("reserved_at"))
        return finished.order_by().values("day", "state", "source", "outcome").annotate(number=Count("pk"))


class LaboratoryView(Screen, FormView[ProfileForm]):
    """The profile of an animal against engine and model, side by side."""

    template_name = "ai/admin/laboratory.html"
    form_class = ProfileForm
    page_title = _("Try a profile")
    header_icon = "glasses"
    permission_needed = "ai.try_profiles"

    def form_valid(self, form: ProfileForm) -> HttpResponse:
        kind, profile = form.cleaned_data["kind"], form.profile()
        trials = [(_("Engine"), try_engine(kind, profile)), (_("Language model"), try_model(kind, profile))]
        record(Verb.TRIED, target=None, actor=cast(User, self.request.user), detail=kind)
        return self.render_to_response(self.get_context_data(form=form, trials=trials))
