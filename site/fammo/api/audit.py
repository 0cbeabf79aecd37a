"""The audit verbs of the API itself."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from fammo.audit.verbs import declare


@declare
class Verb(TextChoices):
    """Permanent names, and their words for the report."""

    ADMINISTRATION_READ = "api.administration.read", _("Administration read")
    FLAG_CHANGED = "api.flag.changed", _("Feature flag changed")
