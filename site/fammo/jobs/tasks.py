"""Housekeeping that comes round by itself."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command

from . import services
from .policy import job, periodic


@periodic(minutes=1)
@job(max_attempts=1)
def recover_abandoned_tasks() -> int:
    """Put tasks of dead workers back into the queue."""
    return services.recover_abandoned()


@periodic(minutes=1)
@job(max_attempts=1)
def publish_scheduled_pages() -> None:
    """Wagtail's scheduled publishing: pages go live and expire at their time."""
    call_command("publish_scheduled", verbosity=0)


@periodic(days=1)
@job(max_attempts=3)
def prune_finished_tasks() -> None:
    """Finished tasks are kept for two weeks; parked ones until an operator decides. (RQ keeps its own house.)"""
    if settings.ENVIRONMENT.tasks == "database":
        call_command("prune_db_task_results", min_age_days=14, failed_min_age_days=3650, queue_name="*", verbosity=0)


@periodic(days=1)
@job(max_attempts=3)
def clear_expired_sessions() -> None:
    """Expired sessions of the admin are removed."""
    call_command("clearsessions", verbosity=0)
