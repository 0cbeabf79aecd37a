"""Reads of legal documents and consents, shaped for a screen. Query counts do not depend on the number of rows."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from . import canonical
from .errors import DocumentNotFound, TextNotAvailable
from .models import ConsentEvent, ConsentSubject, DocumentType, LegalText, LegalVersion, Purpose, UserConsent
from .querysets import ConsentEventQuerySet, LegalVersionQuerySet, UserConsentQuerySet, today
from .text.sentences import Change, changes_between

if TYPE_CHECKING:
    from fammo.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class Document:
    """A version and its text in one language; ``text`` is None where it was never translated into it."""

    version: LegalVersion
    text: LegalText | None
    is_active: bool
    available_languages: list[str]


@dataclass(frozen=True, kw_only=True)
class Outstanding:
    """A document that a person has to accept (again), and why."""

    document: Document
    reason: Literal["never_asked", "changed", "rejected", "withdrawn"]
    accepted_version: LegalVersion | None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Two versions of a document in one language, and what changed between them."""

    before: Document
    after: Document
    notes: list[str]
    is_material: bool
    changes: list[Change]


@dataclass(frozen=True, kw_only=True)
class PurposeState:
    """Whether a person's data may be used for a purpose, and their last decision on it if there was one."""

    purpose: Purpose
    allowed: bool
    consent: UserConsent | None


def list_documents(*, language: str, document_type: str = "", version: str = "") -> list[Document]:
    """The versions in force, one per document; with ``version``, the versions of that label, in force or not."""
    versions = LegalVersion.objects.filter(version=version) if version else LegalVersion.objects.in_force()
    if document_type:
        versions = versions.filter(document_type=document_type)
    return _documents(versions, language)


def get_document(*, version_id: int, language: str) -> Document:
    """Any published version, for ever. Raises DocumentNotFound and TextNotAvailable."""
    return _one(LegalVersion.objects.filter(pk=version_id), language)


def get_document_by_type(*, document_type: str, language: str, version: str = "") -> Document:
    """The version of this document in force, or the one of that label. Raises DocumentNotFound and TextNotAvailable."""
    versions = LegalVersion.objects.filter(version=version) if version else LegalVersion.objects.in_force()
    return _one(versions.filter(document_type=document_type), language)


def get_difference(*, version_id: int, from_id: int, language: str) -> Difference:
    """What changed in this language from the version ``from_id`` to ``version_id`` of the same document.

    Raises DocumentNotFound (also for versions of two documents) and TextNotAvailable.
    """
    after, before = get_document(version_id=version_id, language=language), get_document(version_id=from_id, language=language)
    if before.version.document_type != after.version.document_type:
        raise DocumentNotFound
    between = [version for version in _history(after.version) if _moment(before.version) < _moment(version) <= _moment(after.version)]
    notes = LegalText.objects.filter(version__in=between, language=language).order_by("version__effective_on", "version_id")
    return Difference(
        before=before,
        after=after,
        notes=list(notes.values_list("change_note", flat=True)),
        is_material=any(version.change_class == LegalVersion.ChangeClass.MATERIAL for version in between),
        changes=changes_between(before.text.sentences(), after.text.sentences()) if before.text and after.text else [],
    )


def _history(version: LegalVersion) -> LegalVersionQuerySet:
    return LegalVersion.objects.filter(document_type=version.document_type)


def get_text(*, version_id: int, language: str) -> LegalText:
    """The text of any published version in this language. Raises DocumentNotFound and TextNotAvailable."""
    texts = {text.language: text for text in LegalText.objects.filter(version_id=version_id).select_related("version")}
    if not texts:
        raise DocumentNotFound
    if language not in texts:
        raise TextNotAvailable(available_languages=sorted(texts))
    return texts[language]


def next_change_at() -> datetime.datetime | None:
    """The moment at which the next published version takes effect; what is in force does not change before."""
    day = LegalVersion.objects.filter(effective_on__gt=today()).order_by("effective_on").values_list("effective_on", flat=True).first()
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=datetime.UTC) if day else None


def consents_of(user: User) -> UserConsentQuerySet:
    """Where this person stands, one row per document."""
    return _with_proof(UserConsent.objects.of(user).on_documents())


def consents_of_clinic(clinic_id: int) -> UserConsentQuerySet:
    """Where this clinic stands, one row per document."""
    return _with_proof(UserConsent.objects.filter(subject__kind=ConsentSubject.Kind.CLINIC, subject__reference=str(clinic_id)))


def consents_of_device(device_id: uuid.UUID) -> UserConsentQuerySet:
    """What was decided on this device before anybody signed up, one row per document."""
    reference = canonical.device_reference(device_id)
    return _with_proof(UserConsent.objects.filter(subject__kind=ConsentSubject.Kind.DEVICE, subject__reference=reference))


def has_consent(user: User, purpose: Purpose) -> bool:
    """May this person's data be used for this purpose now? One query.

    A purpose that ``needs_a_yes`` has to be allowed; another is part of what the person asks for until they say no to it. A no
    to the whole privacy policy is a no to each.
    """
    decided = UserConsent.objects.of(user).filter(document_type=DocumentType.USER_PRIVACY, purpose__in=("", purpose))
    states = dict(decided.values_list("purpose", "state"))
    unasked = UserConsent.State.REJECTED if purpose.needs_a_yes else UserConsent.State.ACCEPTED
    return {states.get("", UserConsent.State.ACCEPTED), states.get(purpose, unasked)} == {UserConsent.State.ACCEPTED}


def list_purposes(user: User) -> list[PurposeState]:
    """Every purpose that a person decides on by itself, and where they stand."""
    decided = _with_proof(UserConsent.objects.of(user).filter(document_type=DocumentType.USER_PRIVACY).exclude(purpose=""))
    last = {consent.purpose: consent for consent in decided}
    return [PurposeState(purpose=purpose, allowed=has_consent(user, purpose), consent=last.get(purpose)) for purpose in Purpose]


def text_for_profile(*, document_type: str, language: str) -> LegalText | None:
    """The text in force in this language, else in any in which there is one; for choices that name no text."""
    texts = LegalText.objects.filter(version__in=LegalVersion.objects.in_force().filter(document_type=document_type))
    by_language = {text.language: text for text in texts.select_related("version").order_by("-language")}
    return by_language.get(language) or next(iter(by_language.values()), None)


def outstanding_for(user: User, *, language: str) -> list[Outstanding]:
    """What this person has yet to accept: never asked, refused or withdrawn, or materially changed since they agreed."""
    return _outstanding(DocumentType.for_users(), consents_of(user), language)


def outstanding_for_clinic(clinic_id: int, *, language: str) -> list[Outstanding]:
    """What this clinic has yet to accept; the same as for people, over the clinics' documents."""
    return _outstanding(DocumentType.for_clinics(), consents_of_clinic(clinic_id), language)


def _outstanding(types: list[DocumentType], decided: UserConsentQuerySet, language: str) -> list[Outstanding]:
    versions = LegalVersion.objects.in_force().filter(requires_acceptance=True, document_type__in=types)
    consents = {consent.document_type: consent for consent in decided}
    # Every version of these documents: a handful, and one query however many documents there are.
    history = list(LegalVersion.objects.filter(document_type__in=types))
    found = []
    for document in _documents(versions, language):
        consent = consents.get(document.version.document_type)
        reason = _why_outstanding(document.version, consent, history)
        if reason:
            accepted = consent.version if consent and consent.is_accepted else None
            found.append(Outstanding(document=document, reason=reason, accepted_version=accepted))
    return found


def _with_proof(consents: UserConsentQuerySet) -> UserConsentQuerySet:
    return consents.select_related("subject", "version", "event__origin").order_by("document_type")


def ledger_events() -> ConsentEventQuerySet:
    """The whole ledger, newest first."""
    return ConsentEvent.objects.select_related("version", "origin__subject").order_by("-sequence")


def _why_outstanding(
    version: LegalVersion, consent: UserConsent | None, history: Iterable[LegalVersion]
) -> Literal["never_asked", "changed", "rejected", "withdrawn"] | None:
    if consent is None:
        return "never_asked"
    if consent.state == UserConsent.State.REJECTED:
        return "rejected"
    if consent.state == UserConsent.State.WITHDRAWN:
        return "withdrawn"
    agreed, now = _moment(consent.version), _moment(version)
    since = [other for other in history if other.document_type == version.document_type and agreed < _moment(other) <= now]
    return "changed" if any(other.change_class == LegalVersion.ChangeClass.MATERIAL for other in since) else None


def _moment(version: LegalVersion) -> tuple[datetime.date, int]:
    """Where a version stands in the order of taking effect."""
    return version.effective_on, version.pk


def _one(versions: LegalVersionQuerySet, language: str) -> Document:
    document = next(iter(_documents(versions, language)), None)
    if document is None:
        raise DocumentNotFound
    if document.text is None:
        raise TextNotAvailable(available_languages=document.available_languages)
    return document


def _documents(versions: LegalVersionQuerySet, language: str) -> list[Document]:
    rows = list(versions.newest_first())
    active = set(LegalVersion.objects.in_force().values_list("pk", flat=True))
    texts: dict[int, dict[str, LegalText]] = {}
    for text in LegalText.objects.filter(version__in=[row.pk for row in rows]).order_by("language"):
        texts.setdefault(text.version_id, {})[text.language] = text
    return [
        Document(
            version=row,
            text=texts.get(row.pk, {}).get(language),
            is_active=row.pk in active,
            available_languages=list(texts.get(row.pk, {})),
        )
        for row in rows
    ]
