"""Background work of clinics."""

from __future__ import annotations

from fammo.jobs import job
from fammo.jobs.policy import SLOW_QUEUE

from . import services


@job(queue=SLOW_QUEUE, first_delay_seconds=60)
def locate_clinic(clinic_id: int) -> bool:
    """Find a published clinic on the map; a geocoder that does not answer is asked again later."""
    return services.locate_clinic(clinic_id=clinic_id)
