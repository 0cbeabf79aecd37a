"""Facts this app announces."""

from django.dispatch import Signal

# A moderator decided a review, inside its transaction: review (ReviewedTaskState), decision (ModerationDecision.Decision),
# actor (User), and for a refusal reason_code, reason_field and comment. A receiver that raises undoes the decision.
review_decided = Signal()
