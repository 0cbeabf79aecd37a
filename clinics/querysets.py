"""The vocabulary for many clinics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.db import models
from django.utils import timezone

from .text import fold

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from fammo.accounts.models import User

    from .models import Clinic, ModerationDecision, ReviewClaim, Town  # noqa: F401  (named in the bases below)
    from .places import Box


class ClinicQuerySet(models.QuerySet["Clinic"]):
    """Clinics by what a caller may know of them."""

    def listed(self) -> Self:
        """In the public directory now."""
        return self.filter(listing__isnull=False)

    def owned_by(self, user: User | AnonymousUser) -> Self:
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Listed ones for everybody; the others only for their owner and for staff."""
        if user.is_authenticated and user.is_staff:
            return self.all()
        if user.is_authenticated:
            return self.filter(models.Q(listing__isnull=False) | models.Q(owner=user))
        return self.listed()

    def awaiting_confirmation(self) -> Self:
        return self.filter(state="unconfirmed")


class DecisionQuerySet(models.QuerySet["ModerationDecision"]):
    """Decisions are kept: rows can be added and read."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("Moderation decisions are append-only.")

    def delete(self) -> NoReturn:
        raise TypeError("Moderation decisions are append-only.")

    def blank_words(self) -> None:
        """The one change: the clinic's name and the free text go with its owner's account; who decided what, and when, stays."""
        super().update(clinic_name=self.model.ERASED)
        super(DecisionQuerySet, self.exclude(reason_text="")).update(reason_text=self.model.ERASED)


class TownQuerySet(models.QuerySet["Town"]):
    """Towns by name and by place, the largest first."""

    def called(self, name: str, country: str) -> Self:
        """Towns of the country that are called so in any language."""
        return self.filter(names__key=fold(name), country=country).order_by("-population", "pk")

    def within(self, box: Box) -> Self:
        """Towns in the box, for a map."""
        return self.filter(on_longitudes(box), latitude__gte=box.south, latitude__lte=box.north).order_by("-population", "pk")


def on_longitudes(box: Box) -> models.Q:
    """Between the meridians of the box, on both sides of the antimeridian where it crosses that."""
    condition = models.Q()
    for west, east in box.longitudes:
        condition |= models.Q(longitude__gte=west, longitude__lte=east)
    return condition


class ClaimQuerySet(models.QuerySet["ReviewClaim"]):
    """Who is looking at what."""

    def current(self) -> Self:
        """Not lapsed."""
        return self.filter(expires_at__gt=timezone.now())
