"""The queue on the admin's first page."""

from __future__ import annotations

from typing import Any

from wagtail.admin.ui.components import Component

from . import queue

SHOWN = 5


class QueuePanel(Component):
    """How many wait, how many of them for too long, and the first few."""

    name = "clinics_to_review"
    template_name = "clinics/moderation/panel.html"
    order = 110

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        user = parent_context["request"].user
        waiting = queue.waiting(user)
        return {
            "entries": queue.entries(list(waiting[:SHOWN]), user),
            "number": waiting.count(),
            "late": queue.waiting(user, view=queue.View.LATE).count(),
        }
