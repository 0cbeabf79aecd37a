"""The ledger's housekeeping."""

from __future__ import annotations

from fammo.jobs import job, periodic

from . import services


@periodic(minutes=5)
@job()
def seal_ledger() -> int:
    """What the ledger is now is signed and written down outside the database; also queued by every publication."""
    return services.seal_ledger()


@periodic(days=1)
@job(max_attempts=3)
def forget_devices() -> int:
    """Consents of devices whose owner never signed up lose their link to the device after 30 days."""
    return services.forget_devices()
