"""What a moderator can do with a clinic, by the names of the screen and of the API."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    CLAIM = "claim", _("Claim")
    RELEASE = "release", _("Give back")
    APPROVE = "approve", _("Approve")
    REQUEST_CHANGES = "request_changes", _("Ask for changes")
    REJECT = "reject", _("Reject")
    SUSPEND = "suspend", _("Suspend")
    REINSTATE = "reinstate", _("Show again")
    PLACE = "place", _("Place the pin")


DECISIONS = (Action.APPROVE, Action.REQUEST_CHANGES, Action.REJECT, Action.SUSPEND, Action.REINSTATE)
NEED_A_REASON = (Action.REQUEST_CHANGES, Action.REJECT, Action.SUSPEND)
ABOUT_WHAT_IS_PUBLIC = (Action.SUSPEND, Action.REINSTATE)
