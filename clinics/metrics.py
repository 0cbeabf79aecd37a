"""How many clinics there are."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Q

from fammo.api.metrics import metrics

from .models import Clinic


@metrics("clinics")
def clinics() -> Mapping[str, int]:
    """Clinics by their state."""
    return Clinic.objects.aggregate(**{state.value: Count("pk", filter=Q(state=state)) for state in Clinic.State})
