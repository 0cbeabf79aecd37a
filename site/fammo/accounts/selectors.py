"""Reads of accounts."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from fammo.accounts.errors import ExportNotFound, SessionNotFound
from fammo.accounts.models import DataExport, EmailChange, Erasure, Profile, Session, User
from fammo.accounts.querysets import SessionQuerySet
from fammo.common.privacy import Person
from fammo.mail.models import OutgoingMail


@dataclass(frozen=True, kw_only=True)
class OwnedClinic:
    """A clinic as its owner's profile names it."""

    id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class ConsentState:
    """Where a person stands with one document, in words for staff."""

    document: str
    state: str
    recorded_at: datetime


OwnedClinics = Callable[[User], Sequence[OwnedClinic]]
ConsentStates = Callable[[User], Sequence[ConsentState]]
_consent_states: list[ConsentStates] = []
_owned_clinics: list[OwnedClinics] = []


def register_owned_clinics(source: OwnedClinics) -> OwnedClinics:
    """Given by the app that knows clinics, which stands above this one: a person's clinics for ``/me/``."""
    _owned_clinics[:] = [source]
    return source


def owned_clinics(user: User) -> list[OwnedClinic]:
    return [clinic for source in _owned_clinics for clinic in source(user)]


def register_consent_states(source: ConsentStates) -> ConsentStates:
    """Given by the app that keeps consents, which stands above this one: for the account's page in the admin."""
    _consent_states[:] = [source]
    return source


def consent_states(user: User) -> list[ConsentState]:
    return [state for source in _consent_states for state in source(user)]


def profile_of(user: User) -> Profile:
    """The profile with its person and plan."""
    return Profile.objects.select_related("user", "subscription_plan").get(user=user)


def living_session(session_id: uuid.UUID) -> Session | None:
    """The login if its tokens are still good; its ``user.profile`` is loaded."""
    try:
        session = Session.objects.select_related("user__profile").get(pk=session_id)
    except Session.DoesNotExist:
        return None
    return session if session.is_alive() else None


def sessions_of(user: User) -> SessionQuerySet:
    """Where a person is logged in, the latest used first."""
    stamp = user.credentials_stamp
    return Session.objects.visible_to(user).alive().filter(credentials_stamp=stamp).order_by("-last_used_at", "pk")


def session_of(user: User, session_id: uuid.UUID) -> Session:
    """One of the logins of ``sessions_of``; raises ``SessionNotFound``."""
    session = sessions_of(user).filter(pk=session_id).first()
    if session is None:
        raise SessionNotFound
    return session


def was_mailed(kind: str, *, to: str, since: datetime) -> bool:
    """Whether the mailbox was sent this kind of mail since the moment."""
    return OutgoingMail.objects.filter(kind=kind, to=to, created_at__gt=since).exists()


def person_of(user: User) -> Person:
    """Whom an export or an erasure of this account is about: with the addresses that it has, had and asked for."""
    changes = EmailChange.objects.filter(user=user)
    old = changes.values_list("old_email", flat=True)
    new = changes.filter(new_confirmed_at__isnull=False).values_list("new_email", flat=True)  # an unconfirmed one may be a stranger's
    return Person(id=user.pk, addresses=frozenset({user.email, *old, *new}))


def latest_export(user: User) -> DataExport:
    """The newest copy that a person asked for and that is not over; raises ``ExportNotFound``."""
    export = DataExport.objects.visible_to(user).order_by("-requested_at").first()
    if export is None:
        raise ExportNotFound
    return export


def export_of(user: User, export_id: uuid.UUID) -> DataExport | None:
    """One of a person's exports that can be downloaded."""
    return DataExport.objects.visible_to(user).ready().filter(pk=export_id).first()


def pending_email_change(user: User) -> EmailChange | None:
    """The address that a person is about to move to."""
    return EmailChange.objects.open().filter(user=user, expires_at__gt=timezone.now()).first()


def waiting_erasure(user: User) -> Erasure | None:
    """That the account is to go, if it is."""
    return Erasure.objects.waiting().filter(user=user).first()
