"""Fammo's hand on the Wagtail admin that every kind of content shares."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.actions import ActionRegistry
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.admin.viewsets.pages import PageViewSet, page_viewset_registry
from wagtail.models import Page

from .actions import TranslateOnce
from .errors import OwnWork, StaleReview
from .models import ReviewedPage, ReviewedRevisionTask


class ReviewActionView(WorkflowActionView):
    """Wagtail's, which says nothing but "no permission" to a reviewer who wrote some of the text; raises OwnWork instead."""

    def check_action(self) -> None:
        try:
            super().check_action()
        except PermissionDenied:
            if self._is_refused_as_own_work():
                raise OwnWork from None
            raise

    def _is_refused_as_own_work(self) -> bool:
        if self.action_name != "approve" or not isinstance(self.task, ReviewedRevisionTask):
            return False
        is_reviewer = bool(self.task.get_actions(self.object, self.request.user))
        return is_reviewer and self.task.is_own_work(self.task_state, self.request.user)


class ReviewedPageViewSet(PageViewSet):
    """The screens of any page, but for one."""

    workflow_action_view_class = ReviewActionView


page_viewset_registry.register(ReviewedPage, ReviewedPageViewSet())


@hooks.register("register_actions")
def register_actions(registry: ActionRegistry) -> None:
    registry.register(Page, TranslateOnce)


@hooks.register("before_edit_page")
def refuse_stale_decision(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A decision sent from an editor that shows an older revision is refused before the form's content is saved over the newer one."""
    if request.method != "POST" or "action-workflow-action" not in request.POST or not isinstance(page.specific, ReviewedPage):
        return None
    loaded = request.POST.get("loaded_revision_id", "")
    if loaded == str(page.latest_revision_id):
        return None
    messages.error(request, str(StaleReview.message))
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("register_icons")
def add_our_icons(icons: list[str]) -> list[str]:
    return [*icons, "wagtailadmin/icons/paw.svg", "wagtailadmin/icons/clinic.svg"]


@hooks.register("insert_global_admin_css")
def brand_the_admin() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))
