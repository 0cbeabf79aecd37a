"""Writing the consent ledger and the state that is derived from it (design D6)."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction
from django.utils import timezone

from fammo.accounts.models import Profile
from fammo.accounts.services import update_profile
from legal import canonical, selectors
from legal.errors import NotForClinics, OutdatedVersion, PurposeNotInDocument
from legal.models import (
    ConsentEvent,
    ConsentHead,
    ConsentOrigin,
    ConsentSubject,
    DocumentType,
    LegalText,
    LegalVersion,
    Purpose,
    UserConsent,
)

if TYPE_CHECKING:
    from fammo.accounts.models import User

Party = TypeVar("Party")
APP_VERSION_MAX_LENGTH = 40
DEVICES_ARE_KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a decision came from: the caller's address and the version of the app, as far as they are known."""

    ip_address: str | None = None
    app_version: str = ""


@transaction.atomic
def record_decision(*, user: User, version_id: int, accepted: bool, language: str, origin: Origin, purpose: str = "") -> UserConsent:
    """Write down that the person accepts, rejects or (having accepted) withdraws, and return where they stand now.

    ``purpose`` narrows the decision to one purpose of the privacy policy. A no to keeping the location, or to the whole privacy
    policy, removes the stored coordinates in this very transaction. Raises OutdatedVersion when a version that is not in force is
    accepted (saying no is possible to any version), PurposeNotInDocument for a purpose of another document, DocumentNotFound and
    TextNotAvailable when there was nothing that could have been read.
    """
    text = selectors.get_text(version_id=version_id, language=language)
    is_privacy = text.version.document_type == DocumentType.USER_PRIVACY
    if purpose and not is_privacy:
        raise PurposeNotInDocument
    if is_privacy:
        # Before the ledger's head, as a change of the profile takes them: the two queue up instead of deadlocking.
        Profile.objects.select_for_update().get(user=user)
    consent = _decide(ConsentSubject.of_person, user, text, accepted=accepted, origin=origin, purpose=purpose)
    if purpose == Purpose.LOCATION or (is_privacy and not purpose and not accepted):
        update_profile(user=user, changes={"location_consent": accepted})
    return consent


@transaction.atomic
def record_location_choice(*, user: User, accepted: bool) -> None:
    """Write down a choice about the location that was made in the profile, on the privacy policy as it stands, in the person's language.

    Nothing is written when the ledger says so already, or while no privacy policy is in force.
    """
    written = UserConsent.objects.of(user).filter(purpose=Purpose.LOCATION).first()
    if written is not None and written.is_accepted == accepted:
        return
    text = selectors.text_for_profile(document_type=DocumentType.USER_PRIVACY, language=user.profile.preferred_language)
    if text is not None:
        _decide(ConsentSubject.of_person, user, text, accepted=accepted, origin=Origin(), purpose=Purpose.LOCATION)


@transaction.atomic
def record_clinic_decision(*, clinic_id: int, actor: User, version_id: int, accepted: bool, language: str, origin: Origin) -> UserConsent:
    """Write down that ``actor`` accepts, rejects or withdraws for a clinic. Whether they may is the caller's question.

    Raises NotForClinics for a document that people agree to, and as ``record_decision``.
    """
    text = selectors.get_text(version_id=version_id, language=language)
    if text.version.document_type in DocumentType.for_users():
        raise NotForClinics
    return _decide(ConsentSubject.of_clinic, clinic_id, text, accepted=accepted, origin=origin, acted_by=actor)


@transaction.atomic
def record_device_decision(*, device_id: uuid.UUID, version_id: int, accepted: bool, language: str, origin: Origin) -> UserConsent:
    """Write down what somebody without an account decided on their device; raises as ``record_decision``."""
    return _decide(
        ConsentSubject.of_device, device_id, selectors.get_text(version_id=version_id, language=language), accepted=accepted, origin=origin
    )


@transaction.atomic
def join_device(*, user: User, device_id: uuid.UUID) -> None:
    """What was decided on this device is the person's from now on. Does nothing for somebody with decisions of their own."""
    if ConsentSubject.objects.filter(user=user).exists():
        return
    device = ConsentSubject.objects.filter(kind=ConsentSubject.Kind.DEVICE, reference=canonical.device_reference(device_id))
    device.update(kind=ConsentSubject.Kind.PERSON, user=user, reference="")


@transaction.atomic
def forget_devices() -> int:
    """Cut the link to devices whose owner never signed up; returns how many. The events stay and still verify."""
    long_ago = timezone.now() - DEVICES_ARE_KEPT_FOR
    devices = ConsentSubject.objects.filter(kind=ConsentSubject.Kind.DEVICE, created_at__lt=long_ago)
    forgotten = devices.count()
    devices.delete()
    return forgotten


@transaction.atomic
def record_view(*, user: User, version_id: int, language: str, origin: Origin) -> ConsentEvent:
    """Write down that the person was shown this text. Raises DocumentNotFound and TextNotAvailable."""
    text = selectors.get_text(version_id=version_id, language=language)
    head = ConsentHead.locked()
    return _append(head, ConsentSubject.of_person(user), ConsentEvent.Action.VIEWED, text, origin)


@transaction.atomic
def forget_person(*, user: User) -> None:
    """Destroy everything that leads from the ledger to this person; the events stay and still verify."""
    ConsentOrigin.objects.filter(acted_by=user).delete()
    ConsentSubject.objects.filter(user=user).delete()


def _decide(
    subject_of: Callable[[Party], ConsentSubject],
    party: Party,
    text: LegalText,
    *,
    accepted: bool,
    origin: Origin,
    purpose: str = "",
    acted_by: User | None = None,
) -> UserConsent:
    document_type = text.version.document_type
    if accepted:
        in_force = LegalVersion.objects.in_force().filter(document_type=document_type).first()
        if in_force != text.version:
            raise OutdatedVersion(current_document=in_force and in_force.pk)
    head = ConsentHead.locked()
    subject = subject_of(party)
    before = UserConsent.objects.filter(subject=subject, document_type=document_type, purpose=purpose).first()
    event = _append(head, subject, _decision(accepted, before), text, origin, purpose=purpose, acted_by=acted_by)
    consent, _created = UserConsent.objects.update_or_create(
        subject=subject,
        document_type=document_type,
        purpose=purpose,
        defaults={"version": text.version, "event": event, "state": event.action},
    )
    return consent


def _decision(accepted: bool, before: UserConsent | None) -> ConsentEvent.Action:
    if accepted:
        return ConsentEvent.Action.ACCEPTED
    taken_back = before is not None and before.state in {UserConsent.State.ACCEPTED, UserConsent.State.WITHDRAWN}
    return ConsentEvent.Action.WITHDRAWN if taken_back else ConsentEvent.Action.REJECTED


def _append(
    head: ConsentHead,
    subject: ConsentSubject,
    action: ConsentEvent.Action,
    text: LegalText,
    origin: Origin,
    *,
    purpose: str = "",
    acted_by: User | None = None,
) -> ConsentEvent:
    """Add one event to the chain's locked end."""
    whence = ConsentOrigin(subject=subject, acted_by=acted_by, ip_address=origin.ip_address, salt=secrets.token_hex(16))
    event = ConsentEvent(
        sequence=head.sequence + 1,
        action=action,
        subject=subject.subject,
        version=text.version,
        purpose=purpose,
        language=text.language,
        text_sha256=text.sha256,
        app_version=origin.app_version[:APP_VERSION_MAX_LENGTH],
        origin_sha256=canonical.sha256_hex(whence.members()),
        recorded_at=timezone.now(),
        previous_hash=head.hash,
    )
    event.hash = canonical.sha256_hex(event.members())
    event.full_clean()
    event.save()
    whence.event = event
    whence.save()
    head.sequence, head.hash = event.sequence, event.hash
    head.save(update_fields=["sequence", "hash"])
    return event
