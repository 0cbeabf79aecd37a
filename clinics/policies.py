"""Who may do what with a clinic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .models import Clinic

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from fammo.accounts.models import User

    Anyone = User | AnonymousUser

MODERATORS = "Clinic moderators"


def owns(user: Anyone, clinic: Clinic) -> bool:
    return user.is_authenticated and clinic.owner_id == user.pk


def can_edit(user: Anyone, clinic: Clinic) -> bool:
    """Owners write about their clinic; staff edit its page in the admin, where the moderation queue sees it."""
    return owns(user, clinic)


def reads_draft(user: Anyone, clinic: Clinic, *, is_listed: bool) -> bool:
    """The owner always reads their newest words, or the next edit would undo them; staff while there is nothing public."""
    return owns(user, clinic) or (not is_listed and user.is_authenticated and user.is_staff)


def is_moderator(user: Anyone) -> bool:
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_superuser or user.groups.filter(name=MODERATORS).exists()


def can_decide(user: Anyone, clinic: Clinic) -> bool:
    """Moderators, except about a clinic of their own."""
    return is_moderator(user) and not owns(user, clinic)
