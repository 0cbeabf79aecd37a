"""Submitting a page for approval, from any door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.models import Page, WorkflowState

from .models import ReviewedPage, ReviewedRevisionTask, ReviewedTaskState, digest_revision

if TYPE_CHECKING:
    from fammo.accounts.models import User

__all__ = ["ReviewedPage", "ReviewedRevisionTask", "ReviewedTaskState", "digest_revision", "submit_for_approval"]


@transaction.atomic
def submit_for_approval(page: ReviewedPage, *, user: User | None) -> WorkflowState:
    """Put the page's newest revision before its reviewers.

    Starts its workflow, resumes one that asked for changes, or leaves the review that is open.
    """
    Page.objects.select_for_update().get(pk=page.pk)
    state = page.current_workflow_state
    if state is None:
        return page.get_workflow().start(page, user)
    if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user)
    return state
