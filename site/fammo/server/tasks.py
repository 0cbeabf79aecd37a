"""Housekeeping of the parts that know no background work themselves."""

from __future__ import annotations

from fammo.api import idempotency
from fammo.jobs import job, periodic


@periodic(hours=1)
@job(max_attempts=3)
def prune_idempotency_keys() -> int:
    """Stored answers to repeated requests are kept for a day."""
    return idempotency.prune()
