"""What can go wrong with background tasks; the codes are API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fammo.common.errors import Conflict, NotFound


class TaskNotFound(NotFound):
    """There is no such task, or it is older than tasks are kept."""

    code = "task_not_found"
    message = _("There is no such task.")


class TaskNotParked(Conflict):
    """The task is queued, running or done: there is nothing to retry."""

    code = "task_not_parked"
    message = _("Only a parked task can be retried.")
