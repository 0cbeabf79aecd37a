"""What an approved workflow publishes. Wagtail imports this module while its own models load, so it imports none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wagtail.models import WorkflowState

    from fammo.accounts.models import User


def publish_reviewed_revision(workflow_state: WorkflowState, user: User | None = None) -> None:
    """Publish the revision that the last reviewer approved (Wagtail's default publishes whatever is newest by then)."""
    # The approval is the permission: reviewers need no right to publish by themselves, and on legal pages nobody has one.
    workflow_state.current_task_state.revision.publish(user=user, skip_permission_checks=True)
