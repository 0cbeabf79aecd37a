"""Delivery in the background."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from fammo.jobs import job, periodic

from . import delivery
from .models import KEPT_FOR_DAYS, OutgoingMail

LOST_AFTER = timedelta(hours=1)


@job(max_attempts=10, first_delay_seconds=5, priority=10)
def deliver_mail(mail_id: int) -> None:
    """Deliver one queued mail; with its pauses, ten attempts take about an hour and a half before an operator has to look."""
    delivery.deliver_mail(mail_id=mail_id)


@periodic(hours=1)
@job(max_attempts=3)
def requeue_lost_mails() -> int:
    """Queue again what never met a worker (a Redis that forgot its jobs, an emptied queue); delivering twice is impossible by state."""
    waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.QUEUED, attempts=0, created_at__lt=timezone.now() - LOST_AFTER)
    for mail_id in waiting.values_list("pk", flat=True):
        deliver_mail.enqueue(mail_id)
    return len(waiting)


@periodic(days=1)
@job(max_attempts=3)
def prune_mails() -> int:
    """Forget mails after a month, delivered or not: by then nobody waits for them."""
    deleted, _by_model = OutgoingMail.objects.filter(created_at__lt=timezone.now() - timedelta(days=KEPT_FOR_DAYS)).delete()
    return deleted
