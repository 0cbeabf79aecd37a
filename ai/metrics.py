"""How much advice is generated, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from fammo.api.metrics import metrics

from .models import Generation, Source

STORED = Q(state=Generation.State.COMMITTED)


@metrics("advice")
def advice() -> Mapping[str, int]:
    """Generations of the last thirty days by who wrote them, and what was not stored."""
    month_ago = timezone.now() - timedelta(days=30)
    return Generation.objects.filter(reserved_at__gte=month_ago).aggregate(
        by_engine=Count("pk", filter=STORED & Q(source=Source.ENGINE)),
        by_model=Count("pk", filter=STORED & Q(source=Source.MODEL)),
        model_rejected=Count("pk", filter=Q(outcome=Generation.Outcome.REJECTED)),
        released=Count("pk", filter=Q(state=Generation.State.RELEASED)),
    )
