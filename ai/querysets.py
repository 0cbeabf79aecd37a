"""The vocabulary for many generations, results and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from ai.models import ChatMessage, ChatSession, Generation  # noqa: F401  (named in the bases below)
    from fammo.accounts.models import User


class GenerationQuerySet(models.QuerySet["Generation"]):
    """Generations by owner and by whether they still hold a place."""

    def visible_to(self, user: User) -> Self:
        return self.filter(user_id=user.pk)

    def under_way(self) -> Self:
        """Reservations that hold a place in their month."""
        return self.filter(state="reserved", expires_at__gt=timezone.now())

    def abandoned(self) -> Self:
        """Reservations whose time is over and that nobody finished."""
        return self.filter(state="reserved", expires_at__lte=timezone.now())


class ResultQuerySet(models.QuerySet[Any]):
    """Meal recommendations or health reports."""

    def visible_to(self, user: User) -> Self:
        """Those of the person's living pets; nobody sees another person's."""
        return self.filter(pet__user_id=user.pk, pet__deleted_at__isnull=True)


class ChatSessionQuerySet(models.QuerySet["ChatSession"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user_id=user.pk)


class ChatMessageQuerySet(models.QuerySet["ChatMessage"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(session__user_id=user.pk)
