"""The operational record of a clinic: everything that publishing an old revision must not roll back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinics.errors import IllegalTransition
from clinics.querysets import ClinicQuerySet
from fammo.common.privacy import NOT_PERSONAL, Declaration, Personal

WHILE_CLINIC = "As long as the clinic is in Fammo."
CLINIC_ID_LIMIT = 2**53  # the largest integers that JavaScript and Dart's web target keep exact


def random_clinic_id() -> int:
    """An opaque id: registration can answer with one whether or not it made a clinic (design D10)."""
    return secrets.randbelow(CLINIC_ID_LIMIT - 1) + 1


class Clinic(models.Model):
    """A veterinary clinic as Fammo runs it: owner, confirmation, state, place. Its words and facts are on ``page``."""

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("Waiting for e-mail confirmation")
        PENDING = "pending", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Changes requested")
        SUSPENDED = "suspended", _("Suspended")

    class CoordinateSource(models.TextChoices):
        STATED = "stated", _("Stated by the clinic")
        GEOCODED = "geocoded", _("Found from the address")
        PINNED = "pinned", _("Placed by a moderator")

    class PlacePrecision(models.TextChoices):
        EXACT = "exact", _("The very door")
        STREET = "street", _("The street")
        TOWN = "town", _("The town only")

    TRANSITIONS: Mapping[str, frozenset[str]] = MappingProxyType(
        {
            State.UNCONFIRMED: frozenset({State.PENDING}),
            State.PENDING: frozenset({State.APPROVED, State.REJECTED}),
            State.REJECTED: frozenset({State.PENDING}),
            State.APPROVED: frozenset({State.SUSPENDED}),
            State.SUSPENDED: frozenset({State.APPROVED}),
        }
    )

    id = models.BigIntegerField(primary_key=True, default=random_clinic_id, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.SET_NULL, null=True, blank=True, related_name="clinics"
    )
    page = models.OneToOneField("clinics.ClinicPage", verbose_name=_("page"), on_delete=models.CASCADE, related_name="clinic")
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.UNCONFIRMED, db_index=True)
    confirmation_email = models.EmailField(
        _("address to confirm"), blank=True, help_text=_("The confirmation link is sent here; later changes of the page do not change it.")
    )
    email_confirmed_at = models.DateTimeField(_("e-mail confirmed at"), null=True, blank=True)
    is_verified = models.BooleanField(_("verified"), default=False, help_text=_("Fammo has checked that this clinic is who it says it is."))
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    coordinate_source = models.CharField(_("where the coordinates come from"), max_length=16, choices=CoordinateSource.choices, blank=True)
    place_precision = models.CharField(_("precision of the coordinates"), max_length=8, choices=PlacePrecision.choices, blank=True)
    geocoded_address = models.CharField(
        _("geocoded address"), max_length=400, blank=True, help_text=_("The address that a geocoder was asked for last.")
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    clinic_eoi = models.BooleanField(_("interested in the pilot programme"), default=False)
    external_id = models.CharField(
        _("external id"), max_length=100, blank=True, help_text=_("The id of this clinic in the source it was imported from.")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    objects = ClinicQuerySet.as_manager()

    # Wagtail would look up later, in a task, what a clinic refers to, and fail for one that is deleted by then; nobody asks.
    wagtail_reference_index_ignore = True

    personal: ClassVar[Declaration] = {
        "owner": Personal(purpose="Whose clinic it is.", retention=WHILE_CLINIC),
        "confirmation_email": Personal(purpose="Proving that the mailbox is the clinic's.", retention=WHILE_CLINIC),
        "email_confirmed_at": Personal(purpose="Proof that the address was confirmed.", retention=WHILE_CLINIC),
        "created_at": Personal(purpose="Showing when the clinic was registered.", retention=WHILE_CLINIC),
        "clinic_eoi": Personal(purpose="Inviting the clinic to the pilot programme.", retention=WHILE_CLINIC),
        **dict.fromkeys(
            ("id", "page", "state", "is_verified", "latitude", "longitude", "coordinate_source", "time_zone", "external_id"), NOT_PERSONAL
        ),
        **dict.fromkeys(("place_precision", "geocoded_address"), NOT_PERSONAL),
    }

    class Meta:
        verbose_name = _("clinic")
        verbose_name_plural = _("clinics")
        ordering = ("-created_at", "id")
        constraints = (
            models.CheckConstraint(condition=models.Q(id__gt=0, id__lt=CLINIC_ID_LIMIT), name="clinic_id_is_exact_in_json"),
            models.UniqueConstraint(fields=("external_id",), condition=~models.Q(external_id=""), name="clinic_external_id_unique"),
            models.CheckConstraint(
                condition=models.Q(state="unconfirmed") | models.Q(email_confirmed_at__isnull=False) | ~models.Q(external_id=""),
                name="clinic_confirmed_before_anything_else",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                name="clinic_coordinates_on_earth",
            ),
        )

    def __str__(self) -> str:
        return self.page.title

    @property
    def email_confirmed(self) -> bool:
        return self.email_confirmed_at is not None

    @property
    def admin_approved(self) -> bool:
        return self.state == self.State.APPROVED

    def move_to(self, state: str) -> None:
        """Take one step of ``TRANSITIONS``; raises IllegalTransition. Staying is not a step. The caller saves."""
        if state not in self.TRANSITIONS[self.state]:
            raise IllegalTransition(extra={"state": self.state, "wanted": state})
        self.state = state
