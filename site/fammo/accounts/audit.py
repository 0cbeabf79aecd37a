"""The audit verbs of accounts."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from fammo.accounts.models import User
from fammo.audit import services
from fammo.audit.services import Columns
from fammo.audit.verbs import declare


@declare
class Verb(TextChoices):
    """Permanent names, and their words for the report."""

    REGISTERED = "accounts.user.registered", _("Account opened")
    ACTIVATED = "accounts.user.activated", _("Account activated")
    DEACTIVATED = "accounts.user.deactivated", _("Account deactivated")
    PASSWORD_CHANGED = "accounts.user.password_changed", _("Password changed")
    PASSWORD_RESET = "accounts.user.password_reset", _("Password reset by mail")
    EMAIL_CHANGED = "accounts.user.email_changed", _("E-mail address changed")
    GOOGLE_LINKED = "accounts.user.google_linked", _("Google account linked")
    EXPORT_REQUESTED = "accounts.user.export_requested", _("Data export asked for")
    ERASURE_REQUESTED = "accounts.user.erasure_requested", _("Deletion asked for")
    ERASURE_CANCELLED = "accounts.user.erasure_cancelled", _("Deletion called off")
    ERASED = "accounts.user.erased", _("Account deleted")
    SESSIONS_ENDED = "accounts.user.sessions_ended", _("Logged out everywhere by staff")
    PLAN_CHANGED = "accounts.plan.changed", _("Subscription plan changed")


def record(verb: Verb, *, user: User, actor: User | None, before: Columns | None = None, after: Columns | None = None) -> None:
    """Write that ``actor`` did this to ``user``."""
    services.record(verb, actor=actor, target=user, before=before, after=after)
