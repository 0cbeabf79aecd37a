"""How many people there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from fammo.api.metrics import metrics

from .models import Session, User


@metrics("accounts")
def people() -> Mapping[str, int]:
    """Accounts by their state, those opened in the last week, and logins in use."""
    week_ago = timezone.now() - timedelta(days=7)
    numbers = User.objects.aggregate(
        active=Count("pk", filter=Q(is_active=True)),
        unconfirmed=Count("pk", filter=Q(is_active=False, email_confirmed_at=None)),
        deactivated=Count("pk", filter=Q(is_active=False, email_confirmed_at__isnull=False)),
        opened_in_7_days=Count("pk", filter=Q(date_joined__gte=week_ago)),
    )
    return numbers | {"logins": Session.objects.alive().count()}
