"""Background work of AI that comes round by itself; generations themselves go through ``services.complete_generation``."""

from __future__ import annotations

from fammo.jobs import job, periodic

from . import services


@periodic(minutes=1)
@job(max_attempts=3)
def settle_abandoned_generations() -> int:
    """Release reservations whose worker died."""
    return services.settle_abandoned()


@periodic(hours=1)
@job(max_attempts=3)
def remove_old_chat_pictures() -> int:
    """Pictures in chat are kept for seven days."""
    return services.remove_old_pictures()
