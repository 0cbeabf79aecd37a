"""Approval that is bound to what the reviewer saw (design D4).

A ``ReviewedPage`` restarts the current review whenever it gets new content, so an old approval link no longer names a
review in progress; a ``ReviewedRevisionTask`` refuses to act unless its revision is still the newest and its content has
the digest that was taken when the review began. (Wagtail's autosave rewrites a revision in place: an id alone proves nothing.)
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Page, PagePermissionTester, Revision, TaskState, WorkflowState

from fammo.common.privacy import NOT_PERSONAL, Declaration

from .errors import OwnWork, StaleReview

if TYPE_CHECKING:
    from fammo.accounts.models import User

# Members of a revision's content that change without anybody editing: publishing state and Wagtail's own bookkeeping.
BOOKKEEPING = frozenset(
    {
        "live",
        "has_unpublished_changes",
        "first_published_at",
        "last_published_at",
        "live_revision",
        "latest_revision",
        "latest_revision_created_at",
        "locked",
        "locked_at",
        "locked_by",
        "wagtail_admin_comments",
        "url_path",
        "path",
        "depth",
        "numchild",
        "draft_title",
        "expired",
    }
)


# What readers see of the members that every page has.
PAGE_WORDS = frozenset({"title", "seo_title", "search_description"})


def digest_revision(revision: Revision) -> str:
    """SHA-256 (hex) over the revision's editorial content in canonical JSON: sorted keys, no spaces, bookkeeping left out."""
    content = {name: value for name, value in revision.content.items() if name not in BOOKKEEPING}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, cls=DjangoJSONEncoder)
    return hashlib.sha256(canonical.encode()).hexdigest()


class ReviewedTaskState(TaskState):
    """One review: the state of an approval task together with the digest of the content under review."""

    content_sha256 = models.CharField(max_length=64, editable=False)

    personal: ClassVar[Declaration] = dict.fromkeys(("taskstate_ptr", "content_sha256"), NOT_PERSONAL)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    def is_current(self) -> bool:
        """The review is open, its revision is the page's newest, and the content is what it was when the review began."""
        page_is_unchanged = Page.objects.filter(pk=self.workflow_state.object_id, latest_revision_id=self.revision_id).exists()
        return self.status == self.STATUS_IN_PROGRESS and page_is_unchanged and digest_revision(self.revision) == self.content_sha256


def is_approved(revision: Revision) -> bool:
    """Did a reviewer approve exactly the content that this revision has now?"""
    approved = ReviewedTaskState.objects.filter(revision=revision, status=TaskState.STATUS_APPROVED)
    return approved.filter(content_sha256=digest_revision(revision)).exists()


class ApprovedOnlyTester(PagePermissionTester):
    """Nobody publishes by a button, superusers included: the approval of a second person does."""

    def can_publish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False


class SectionTester(PagePermissionTester):
    """A section with published, approved content below it stays: one click must not take every legal text or clinic away."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return super().can_delete(ignore_bulk) and not self._keeps_published_content()

    def can_unpublish(self) -> bool:
        return super().can_unpublish() and not self._keeps_published_content()

    def can_move(self) -> bool:
        return super().can_move() and not self._keeps_published_content()

    def _keeps_published_content(self) -> bool:
        return bool(Page.objects.descendant_of(self.page).live().type(ReviewedPage).exists())


class ReviewedRevisionTask(AbstractGroupApprovalTask):
    """Approval by a group, of exactly the revision that was reviewed.

    Never by who submitted it, nor by anybody who wrote any of it since the last publication.
    """

    task_state_class = ReviewedTaskState

    class Meta:
        abstract = True

    def start(self, workflow_state: WorkflowState, user: User | None = None) -> ReviewedTaskState:
        state: ReviewedTaskState = super().start(workflow_state, user=user)
        state.content_sha256 = digest_revision(state.revision)
        state.save(update_fields=["content_sha256"])
        return state

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> str | None:
        """Approve or reject; raises StaleReview when the content moved on and OwnWork for the reviewer's own submission."""
        # The page first, then its revision, then the review, as a save takes them: the two queue up instead of deadlocking.
        Page.objects.select_for_update().get(pk=task_state.workflow_state.object_id)
        revision = Revision.objects.select_for_update().get(pk=task_state.revision_id)
        state = ReviewedTaskState.objects.select_for_update().get(pk=task_state.pk)
        state.revision = revision
        if not state.is_current():
            raise StaleReview
        if action_name == "approve" and self.is_own_work(state, user):
            raise OwnWork
        return super().on_action(state, user, action_name, **kwargs)

    def is_own_work(self, task_state: TaskState, user: User) -> bool:
        """Did this person submit the review, or write any of what approving it would newly publish?"""
        if user.pk in {task_state.workflow_state.requested_by_id, task_state.revision.user_id}:
            return True
        page = task_state.workflow_state.content_object
        unpublished = Revision.objects.for_instance(page).filter(pk__lte=task_state.revision_id, user_id=user.pk)
        if page.live_revision_id:
            unpublished = unpublished.filter(pk__gt=page.live_revision_id)
        return bool(unpublished.exists())

    def get_actions(self, obj: Page, user: User) -> list[tuple[str, str, bool]]:
        actions: list[tuple[str, str, bool]] = super().get_actions(obj, user)
        state = obj.current_workflow_task_state
        if state is not None and self.is_own_work(state, user):
            return [action for action in actions if action[0] != "approve"]
        return actions


class PublicByPublishingPage(Page):
    """A page whose public words change by publication only: wagtail-localize writes a translator's draft into the row of a live page."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row; while it is public and this publishes nothing, without what readers see."""
        if kwargs.get("update_fields") is None and self._is_public_as_it_was():
            kwargs["update_fields"] = {field.name for field in self._meta.concrete_fields if self._is_kept_of_a_draft(field)}
        super().save(*args, **kwargs)

    def _is_public_as_it_was(self) -> bool:
        """Is it live, and is this save not the one that makes another revision live? (An alias shows its original and has no draft.)"""
        if self.pk is None or not self.live or self.alias_of_id is not None:
            return False
        return Page.objects.filter(pk=self.pk, live=True, live_revision_id=self.live_revision_id).exists()

    @staticmethod
    def _is_kept_of_a_draft(field: models.Field[Any, Any]) -> bool:
        return field.model is Page and not field.primary_key and field.name not in PAGE_WORDS


class ReviewedPage(PublicByPublishingPage):
    """A page whose open review always concerns its newest content: every save restarts it, whichever door it came through."""

    class Meta:
        abstract = True

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        with transaction.atomic():
            Page.objects.select_for_update().get(pk=self.pk)
            revision = super().save_revision(*args, **kwargs)
            self._restart_review(revision, kwargs.get("user"))
        return revision

    def _restart_review(self, revision: Revision, user: User | None) -> None:
        state = self.current_workflow_task_state
        if not isinstance(state, ReviewedTaskState):
            return
        if state.revision_id != revision.pk or state.content_sha256 != digest_revision(revision):
            state.cancel(user=user, resume=True)

    def source(self) -> Self:
        """The page of this translation group that was written first; facts are read from it (design D3)."""
        return type(self).objects.filter(translation_key=self.translation_key).order_by("pk").first() or self
