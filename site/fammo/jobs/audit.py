"""The audit verbs of background work."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from fammo.audit.verbs import declare


@declare
class Verb(TextChoices):
    """Permanent names, and their words for the report."""

    RETRIED = "jobs.task.retried", _("Background task retried")
    ALL_RETRIED = "jobs.tasks.retried", _("All parked background tasks retried")
