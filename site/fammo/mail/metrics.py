"""How mail is doing."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Q

from fammo.api.metrics import metrics

from .models import OutgoingMail


@metrics("mail")
def outbox() -> Mapping[str, int]:
    """Mails by their state."""
    states = OutgoingMail.State
    return OutgoingMail.objects.aggregate(**{state.value: Count("pk", filter=Q(state=state)) for state in states})
