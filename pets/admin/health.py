"""What is left to do in the reference lists, on one page with links to it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.permissions import policy_registry

from fammo.common import languages
from pets import selectors
from pets.models import REFERENCE_MODELS


def may_see(request: HttpRequest, model: type[Model]) -> bool:
    """Whether somebody may look at this list in the admin."""
    policy = policy_registry.get_by_type(model)
    return bool(policy.user_has_any_permission(request.user, {"add", "change", "delete", "view"}))


class HealthView(WagtailAdminTemplateMixin, TemplateView):
    """A line per list: rows without words in each language and rows that nobody has reviewed, each leading to those rows."""

    template_name = "pets/admin/health.html"
    page_title = _("To do in the reference data")
    header_icon = "check"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not any(may_see(request, model) for model in REFERENCE_MODELS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lists = [self._line(health) for health in selectors.reference_health() if may_see(self.request, health.model)]
        return super().get_context_data(languages=languages.LANGUAGES, lists=lists, **kwargs)

    def _line(self, health: selectors.ListHealth) -> dict[str, Any]:
        url = reverse(health.model.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]

        def rows(count: int, **filters: str) -> dict[str, Any]:
            return {"count": count, "url": f"{url}?{urlencode({**filters, 'is_retired': 'false'})}"}

        return {
            "name": capfirst(health.model._meta.verbose_name_plural),
            "url": url,
            "rows": health.rows,
            "untranslated": [rows(count, missing=code) for code, count in health.untranslated.items()],
            "unreviewed": rows(health.unreviewed, reviewed="false"),
        }


class HealthMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return any(may_see(request, model) for model in REFERENCE_MODELS)


class HealthViewSet(ViewSet):
    """The page as the first item of the menu of reference data."""

    name = "reference-data-health"
    icon = "check"
    menu_label = _("To do")
    menu_item_class = HealthMenuItem
    menu_item_is_registered = True

    @cached_property
    def health_view(self) -> Any:
        return self.construct_view(HealthView)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", self.health_view, name="index")]
