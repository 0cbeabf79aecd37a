"""How many pets there are."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Q

from fammo.api.metrics import metrics

from .models import Pet


@metrics("pets")
def pets() -> Mapping[str, int]:
    """Pets that people keep, and those that can still be restored."""
    return Pet.objects.aggregate(
        kept=Count("pk", filter=Q(deleted_at=None)),
        restorable=Count("pk", filter=Q(deleted_at__isnull=False)),
    )
