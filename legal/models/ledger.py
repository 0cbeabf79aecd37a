"""The consent ledger (design D6): events in a hash chain, and the state that they add up to."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fammo.common import languages
from fammo.common.privacy import NOT_PERSONAL, Declaration, Erase, Person, Personal
from legal import canonical
from legal.querysets import ConsentEventQuerySet, UserConsentQuerySet

from .versions import DocumentType, LegalVersion, WriteOnce

if TYPE_CHECKING:
    from fammo.accounts.models import User

GENESIS = "0" * 64
PROOF = "Proves what the person agreed to, and when."
PROOF_RETENTION = "As long as a claim may be raised; after the account is erased nothing leads from it to the person."
LINK_RETENTION = "Until the account is erased."


class Purpose(models.TextChoices):
    """What a person may allow or forbid by itself, beside the privacy policy that describes it; the stored values are API."""

    LOCATION = "location", _("Keeping my location")
    AI = "ai", _("Letting a language model work with my pets' data")

    @property
    def needs_a_yes(self) -> bool:
        """Must the person have said yes, or is it part of what they ask for until they say no?"""
        return self is Purpose.LOCATION


class ConsentSubject(models.Model):
    """Who the ledger's pseudonym stands for; erasing a person deletes this row, and with it everything that leads to them.

    A clinic is known by its id and a device, on which somebody decided before they signed up, by a hash of its id. Confirming
    the address of the sign-up turns the device's row into the person's: what was decided there is theirs, under the same pseudonym.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        CLINIC = "clinic", _("Clinic")
        DEVICE = "device", _("Device of somebody without an account")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.PERSON, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="consent_subject",
    )
    reference = models.CharField(_("clinic or device"), max_length=64, blank=True, editable=False)
    subject = models.UUIDField(_("pseudonym"), unique=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("first seen at"), default=timezone.now, editable=False)

    personal: ClassVar[Declaration] = {
        "id": NOT_PERSONAL,
        "kind": NOT_PERSONAL,
        "user": Personal(purpose=PROOF, retention=LINK_RETENTION),
        "reference": Personal(purpose=PROOF, retention="A device's until its owner signs up, for 30 days at most.", export=False),
        "subject": Personal(purpose=PROOF, retention=LINK_RETENTION),
        "created_at": NOT_PERSONAL,
    }

    class Meta:
        verbose_name = _("consent subject")
        verbose_name_plural = _("consent subjects")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "reference"), condition=~models.Q(reference=""), name="consent_subject_once_per_clinic_or_device"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="person", user__isnull=False, reference="")
                | models.Q(models.Q(kind__in=("clinic", "device"), user__isnull=True), ~models.Q(reference="")),
                name="consent_subject_is_a_person_a_clinic_or_a_device",
            ),
        )

    def __str__(self) -> str:
        return str(self.subject)

    @classmethod
    def of_person(cls, user: User) -> Self:
        return cls.objects.get_or_create(user=user)[0]

    @classmethod
    def of_clinic(cls, clinic_id: int) -> Self:
        return cls.objects.get_or_create(kind=cls.Kind.CLINIC, reference=str(clinic_id))[0]

    @classmethod
    def of_device(cls, device_id: uuid.UUID) -> Self:
        return cls.objects.get_or_create(kind=cls.Kind.DEVICE, reference=canonical.device_reference(device_id))[0]


class ConsentEvent(WriteOnce):
    """One thing that a person did with one legal text; each event carries the hash of the one before it.

    The event itself holds nothing that leads to the person once ``ConsentSubject`` and ``ConsentOrigin`` are gone.
    """

    class Action(models.TextChoices):
        VIEWED = "viewed", _("Viewed")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    sequence = models.BigIntegerField(_("number"), primary_key=True)
    action = models.CharField(_("action"), max_length=12, choices=Action)
    subject = models.UUIDField(_("person (pseudonym)"), db_index=True)
    version = models.ForeignKey(LegalVersion, verbose_name=_("document"), on_delete=models.PROTECT, related_name="events")
    purpose = models.CharField(
        _("purpose"), max_length=12, choices=Purpose, blank=True, help_text=_("Empty when the document as a whole was decided on.")
    )
    language = models.CharField(_("language"), max_length=8, choices=languages.CHOICES)
    text_sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)
    app_version = models.CharField(_("app version"), max_length=40, blank=True)
    origin_sha256 = models.CharField(_("SHA-256 of the origin"), max_length=64)
    recorded_at = models.DateTimeField(_("recorded at"))
    previous_hash = models.CharField(_("previous hash"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64, unique=True)

    objects = ConsentEventQuerySet.as_manager()

    personal: ClassVar[Declaration] = {
        "sequence": NOT_PERSONAL,
        "action": Personal(purpose=PROOF, retention=PROOF_RETENTION, erase=Erase.KEEP),
        "subject": Personal(purpose=PROOF, retention=PROOF_RETENTION, erase=Erase.KEEP),
        "version": Personal(purpose=PROOF, retention=PROOF_RETENTION, erase=Erase.KEEP),
        "purpose": Personal(purpose=PROOF, retention=PROOF_RETENTION, erase=Erase.KEEP),
        "language": Personal(purpose=PROOF, retention=PROOF_RETENTION, erase=Erase.KEEP),
        "text_sha256": NOT_PERSONAL,
        "app_version": Personal(purpose=PROOF, retention=PROOF_RETENTION, erase=Erase.KEEP),
        "origin_sha256": NOT_PERSONAL,
        "recorded_at": Personal(purpose=PROOF, retention=PROOF_RETENTION, erase=Erase.KEEP),
        "previous_hash": NOT_PERSONAL,
        "hash": NOT_PERSONAL,
    }

    class Meta:
        verbose_name = _("consent event")
        verbose_name_plural = _("consent events")
        ordering = ("-sequence",)
        constraints = (
            models.CheckConstraint(condition=models.Q(sequence__gt=0), name="consent_event_sequence_is_positive"),
            models.CheckConstraint(
                condition=models.Q(action__in=("viewed", "accepted", "rejected", "withdrawn")), name="consent_event_action_is_known"
            ),
            models.CheckConstraint(condition=models.Q(purpose__in=("", *Purpose.values)), name="consent_event_purpose_is_known"),
        )

    def __str__(self) -> str:
        return f"#{self.sequence} {self.get_action_display()}"

    @classmethod
    def rows_about(cls, person: Person) -> models.QuerySet[ConsentEvent]:
        """As long as the link to the pseudonym exists."""
        return cls.objects.filter(subject__in=ConsentSubject.objects.filter(user_id=person.id).values("subject"))

    def members(self) -> dict[str, object]:
        """What the hash covers."""
        return canonical.event_members({field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields})


class ConsentOrigin(models.Model):
    """Where an event came from, kept apart so that it can be forgotten: the event holds only the salted hash of it."""

    event = models.OneToOneField(ConsentEvent, verbose_name=_("event"), on_delete=models.PROTECT, primary_key=True, related_name="origin")
    subject = models.ForeignKey(ConsentSubject, verbose_name=_("person"), on_delete=models.CASCADE, related_name="origins")
    acted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Who decided for the clinic."),
    )
    ip_address = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    salt = models.CharField(_("salt"), max_length=32)

    personal: ClassVar[Declaration] = {
        "event": NOT_PERSONAL,
        "subject": Personal(purpose=PROOF, retention=LINK_RETENTION),
        "acted_by": Personal(purpose=PROOF, retention=LINK_RETENTION),
        "ip_address": Personal(purpose=PROOF, retention=LINK_RETENTION),
        "salt": Personal(purpose=PROOF, retention=LINK_RETENTION, export=False),
    }

    class Meta:
        verbose_name = _("consent origin")
        verbose_name_plural = _("consent origins")

    def __str__(self) -> str:
        return f"#{self.event_id}"

    def members(self) -> dict[str, object]:
        return canonical.origin_members(self.ip_address, self.salt, self.acted_by_id)


class ConsentHead(models.Model):
    """The end of the chain, one row: writers queue on its lock, so the chain cannot fork."""

    ONLY = 1

    id = models.SmallIntegerField(primary_key=True, default=ONLY, editable=False)
    sequence = models.BigIntegerField(_("number"), default=0)
    hash = models.CharField(_("hash"), max_length=64, default=GENESIS)

    personal: ClassVar[Declaration] = dict.fromkeys(("id", "sequence", "hash"), NOT_PERSONAL)

    class Meta:
        verbose_name = _("consent ledger head")
        verbose_name_plural = _("consent ledger heads")
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="consent_head_is_one_row"),)

    def __str__(self) -> str:
        return f"#{self.sequence}"

    @classmethod
    def locked(cls) -> Self:
        """The row, locked until the transaction ends."""
        cls.objects.get_or_create(pk=cls.ONLY)
        return cls.objects.select_for_update().get(pk=cls.ONLY)


class UserConsent(models.Model):
    """What somebody's last decision on a document, or on one of its purposes, was.

    Derived from the ledger, in the transaction that wrote the event.
    """

    class State(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    subject = models.ForeignKey(ConsentSubject, verbose_name=_("person"), on_delete=models.CASCADE, related_name="consents")
    document_type = models.CharField(_("document"), max_length=24, choices=DocumentType)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose, blank=True)
    version = models.ForeignKey(LegalVersion, verbose_name=_("version"), on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(ConsentEvent, verbose_name=_("event"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=12, choices=State)

    objects = UserConsentQuerySet.as_manager()

    personal: ClassVar[Declaration] = {
        "id": NOT_PERSONAL,
        "subject": Personal(purpose=PROOF, retention=LINK_RETENTION),
        "document_type": Personal(purpose=PROOF, retention=LINK_RETENTION),
        "purpose": Personal(purpose=PROOF, retention=LINK_RETENTION),
        "version": Personal(purpose=PROOF, retention=LINK_RETENTION),
        "event": Personal(purpose=PROOF, retention=LINK_RETENTION),
        "state": Personal(purpose=PROOF, retention=LINK_RETENTION),
    }

    class Meta:
        verbose_name = _("consent of a person")
        verbose_name_plural = _("consents of people")
        ordering = ("document_type",)
        constraints = (models.UniqueConstraint(fields=("subject", "document_type", "purpose"), name="user_consent_once_per_document"),)

    def __str__(self) -> str:
        return f"{self.get_purpose_display() or self.get_document_type_display()}: {self.get_state_display()}"

    @property
    def is_accepted(self) -> bool:
        return self.state == self.State.ACCEPTED
