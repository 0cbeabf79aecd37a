"""The circuit breaker, in the database because every process must leave a failing server alone, not each one after its own failures."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from ai.models import ModelCircuit

FAILURES = 3
PAUSE = timedelta(seconds=60)


def lets_through(base_url: str) -> bool:
    """Whether the server may be asked now. After a pause one caller is let through to try; the others wait for what it finds."""
    circuit = ModelCircuit.objects.filter(base_url=base_url).first()
    if circuit is None or circuit.open_until is None:
        return True
    now = timezone.now()
    if circuit.open_until > now:
        return False
    return bool(ModelCircuit.objects.filter(base_url=base_url, open_until=circuit.open_until).update(open_until=now + PAUSE))


def note_success(base_url: str) -> None:
    """The server answers: whatever was held against it is forgotten."""
    failing = Q(failures_in_a_row__gt=0) | Q(open_until__isnull=False)
    ModelCircuit.objects.filter(failing, base_url=base_url).update(failures_in_a_row=0, open_until=None)


def note_failure(base_url: str) -> None:
    """The server did not answer; after ``FAILURES`` in a row it is left alone for ``PAUSE``."""
    ModelCircuit.objects.get_or_create(base_url=base_url)
    row = ModelCircuit.objects.filter(base_url=base_url)
    row.update(failures_in_a_row=F("failures_in_a_row") + 1)
    row.filter(failures_in_a_row__gte=FAILURES).update(open_until=timezone.now() + PAUSE)
