"""How background work is doing."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Q
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from fammo.api.metrics import metrics


@metrics("tasks")
def background_tasks() -> Mapping[str, int]:
    """Tasks that wait, run, and are parked."""
    numbers: Mapping[str, int] = DBTaskResult.objects.order_by().aggregate(
        queued=Count("pk", filter=Q(status=TaskResultStatus.READY)),
        running=Count("pk", filter=Q(status=TaskResultStatus.RUNNING)),
        parked=Count("pk", filter=Q(status=TaskResultStatus.FAILED)),
    )
    return numbers
