"""Housekeeping of accounts that comes round by itself; what is queued for one person is in ``exporting`` and ``erasing``."""

from __future__ import annotations

from fammo.accounts import erasing, exporting, services
from fammo.jobs import job, periodic


@periodic(days=1)
@job(max_attempts=3)
def prune_ended_logins_and_links() -> int:
    """Forget logins, mail links and changes of address that have been over for a month."""
    return services.prune_ended()


@periodic(hours=1)
@job(max_attempts=3)
def remove_expired_exports() -> int:
    """Remove copies of data whose three days are over, and make those that were lost on their way."""
    exporting.queue_lost_exports()
    return exporting.remove_expired_exports()


@periodic(minutes=15)
@job(max_attempts=3)
def carry_out_due_erasures() -> int:
    """Erase the people whose delay is over; the work that a killed process left is taken up again."""
    return erasing.queue_due_erasures()
