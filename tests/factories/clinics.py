"""Clinics in every state, made by the services that make real ones."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.contrib.auth.models import Group

from clinics import hours, policies, services
from clinics.models import Clinic, ClinicPage
from fammo.accounts.models import User
from fammo.cms.models import digest_revision
from tests.factories import accounts

HELSINKI = {"latitude": "60.169900", "longitude": "24.938400"}
WEEKDAYS = hours.make_week(hours.Interval(day, hours.parse_time("09:00"), hours.parse_time("18:00")) for day in range(5))
REASON = {"reason_code": "wrong_address", "reason_field": "address", "reason_text": "The street number is missing."}

_numbers = count(1)


def moderator(email: str = "") -> User:
    """Somebody of the group Clinic moderators."""
    user = accounts.person(email, is_staff=True)
    user.groups.add(Group.objects.get(name=policies.MODERATORS))
    return user


def facts(**changes: Any) -> dict[str, Any]:
    """What an owner writes about a clinic."""
    number = next(_numbers)
    return (
        {
            "name": f"Happy Paws {number}",
            "address": f"{number} Main Street",
            "zip_code": "00100",
            "city": "Helsinki",
            "phone": "+358 9 1234567",
            "email": "info@happypaws.fi",
            "website": "https://happypaws.fi",
            "specializations": "Dogs, Cats, Emergency Care",
            "bio": "Full-service veterinary clinic.",
            "vet_name": "Dr. Jane Smith",
            "degrees": "DVM, University of Helsinki",
            "week": WEEKDAYS,
        }
        | HELSINKI
        | changes
    )


def unconfirmed(owner: User | None = None, *, language: str = "en", clinic_eoi: bool = False, **changes: Any) -> Clinic:
    owner = owner or accounts.person()
    return services.create_clinic(
        owner=owner, changes=facts(**changes), language=language, confirmation_email=owner.email, clinic_eoi=clinic_eoi
    )


def pending(owner: User | None = None, **changes: Any) -> Clinic:
    return services.mark_email_confirmed(clinic=unconfirmed(owner, **changes))


def approved(owner: User | None = None, *, by: User | None = None, **changes: Any) -> Clinic:
    clinic = pending(owner, **changes)
    approve(clinic, by=by)
    return Clinic.objects.get(pk=clinic.pk)


def rejected(owner: User | None = None, *, by: User | None = None, **changes: Any) -> Clinic:
    clinic = pending(owner, **changes)
    page = page_of(clinic)
    services.request_changes(page=page, seen=seen(page), actor=by or moderator(), **REASON)
    return Clinic.objects.get(pk=clinic.pk)


def suspended(owner: User | None = None, *, by: User | None = None, **changes: Any) -> Clinic:
    clinic = approved(owner, **changes)
    return services.suspend_clinic(clinic=clinic, seen=clinic.listing.content_sha256, actor=by or moderator(), **REASON)


def approve(clinic: Clinic, *, by: User | None = None, language: str = "") -> None:
    """Approve what waits, in the clinic's own or the named language."""
    page = page_of(clinic, language)
    services.approve_clinic(page=page, seen=seen(page), actor=by or moderator())


def seen(page: ClinicPage) -> str:
    """What a moderator names who has looked at the newest words of this page."""
    return digest_revision(page.latest_revision)


def page_of(clinic: Clinic, language: str = "") -> ClinicPage:
    """The clinic's page as it is in the table now."""
    if not language:
        return ClinicPage.objects.get(pk=clinic.page_id)
    return ClinicPage.objects.get(translation_key=clinic.page.translation_key, locale__language_code=language)
