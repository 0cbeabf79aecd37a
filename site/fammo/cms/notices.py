"""Who is told of a review by Wagtail's own mails: reviewers once per submission, submitters only where they can open the admin.

(Clinic owners submit without having an account in the admin; they get Fammo's mails in their own language.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.admin.mail import GroupApprovalTaskStateSubmissionEmailNotifier
from wagtail.admin.signal_handlers import (
    workflow_approval_email_notifier,
    workflow_rejection_email_notifier,
)
from wagtail.models import WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected

from .models import ReviewedTaskState

if TYPE_CHECKING:
    from fammo.accounts.models import User

# The names under which Wagtail connects its own receivers. Our apps are ready first, so Wagtail finds the places taken.
APPROVED_UID = "workflow_state_approved_email_notification"
REJECTED_UID = "workflow_state_rejected_email_notification"


class ReviewNotifier(GroupApprovalTaskStateSubmissionEmailNotifier):
    """Wagtail's notice of a submission, which looks its templates up by the name of the state's class."""

    def get_template_base_prefix(self, instance: ReviewedTaskState, **kwargs: Any) -> str:
        return "task_state_"


review_notifier = ReviewNotifier()


def connect() -> None:
    """Take the places of Wagtail's receivers; its submission notice does not know our kind of review."""
    task_submitted.connect(tell_reviewers, sender=ReviewedTaskState, dispatch_uid="fammo.cms.tell_reviewers")
    workflow_approved.connect(tell_submitter_of_approval, sender=WorkflowState, dispatch_uid=APPROVED_UID)
    workflow_rejected.connect(tell_submitter_of_rejection, sender=WorkflowState, dispatch_uid=REJECTED_UID)


def tell_reviewers(sender: type, instance: ReviewedTaskState, user: User | None, **kwargs: Any) -> None:
    is_first_of_this_submission = not instance.workflow_state.task_states.exclude(pk=instance.pk).exists()
    if is_first_of_this_submission:
        review_notifier(sender=sender, instance=instance, user=user)


def tell_submitter_of_approval(sender: type, instance: WorkflowState, user: User | None, **kwargs: Any) -> None:
    if _works_in_the_admin(instance.requested_by):
        workflow_approval_email_notifier(sender=sender, instance=instance, user=user)


def tell_submitter_of_rejection(sender: type, instance: WorkflowState, user: User | None, **kwargs: Any) -> None:
    if _works_in_the_admin(instance.requested_by):
        workflow_rejection_email_notifier(sender=sender, instance=instance, user=user)


def _works_in_the_admin(person: User | None) -> bool:
    return person is not None and person.has_perm("wagtailadmin.access_admin")
