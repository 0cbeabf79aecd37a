"""What each mail of clinics says; called at delivery, where links are made (design D2, D11)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from fammo.accounts import links
from fammo.accounts.models import MailLink, User
from fammo.mail.kinds import MailIsPointless, mail_kind

from .models import Clinic, ModerationDecision
from .purposes import CONFIRM_CLINIC, CONFIRM_LIFETIME


@mail_kind(CONFIRM_CLINIC)
def confirm_email(context: Mapping[str, Any]) -> dict[str, Any]:
    """To prove the mailbox: one link for each clinic that waits for it there; pointless when none does."""
    waiting = Clinic.objects.awaiting_confirmation().filter(confirmation_email=context["email"], owner__isnull=False)
    if "clinic_id" in context:
        waiting = waiting.filter(pk=context["clinic_id"])
    letter = uuid.UUID(context["link_id"])
    clinics = [
        {"name": clinic.page.title, "url": _confirmation_url(clinic, letter)}
        for clinic in waiting.select_related("page", "owner").order_by("created_at", "pk")
    ]
    if not clinics:
        raise MailIsPointless("no clinic waits for its confirmation at this address")
    return {"clinics": clinics, "days": CONFIRM_LIFETIME.days}


@mail_kind("clinics.approved")
def approved(context: Mapping[str, Any]) -> dict[str, Any]:
    """That a revision is public now."""
    clinic, _decision = _subject(context)
    return {"name": clinic.page.title, "url": clinic.page.get_full_url()}


@mail_kind("clinics.changes_requested")
def changes_requested(context: Mapping[str, Any]) -> dict[str, Any]:
    """What a moderator asks the owner to change, and that sending it again is enough."""
    clinic, decision = _subject(context)
    return _reason(clinic, decision) | {"is_listed": clinic.admin_approved}


@mail_kind("clinics.rejected")
def rejected(context: Mapping[str, Any]) -> dict[str, Any]:
    """Why this cannot be shown, and that a changed version is looked at again."""
    clinic, decision = _subject(context)
    return _reason(clinic, decision) | {"is_listed": clinic.admin_approved}


@mail_kind("clinics.reinstated")
def reinstated(context: Mapping[str, Any]) -> dict[str, Any]:
    """That the clinic is shown again."""
    return approved(context)


@mail_kind("clinics.suspended")
def suspended(context: Mapping[str, Any]) -> dict[str, Any]:
    """That and why the clinic is not shown any more."""
    return _reason(*_subject(context))


def _reason(clinic: Clinic, decision: ModerationDecision) -> dict[str, Any]:
    return {
        "name": clinic.page.title,
        "reason": decision.get_reason_code_display(),
        "field": decision.get_reason_field_display() if decision.reason_field != ModerationDecision.Subject.CLINIC else "",
        "explanation": decision.reason_text,
    }


def _subject(context: Mapping[str, Any]) -> tuple[Clinic, ModerationDecision]:
    clinic = Clinic.objects.select_related("page").filter(pk=context["clinic_id"]).first()
    if clinic is None:
        raise MailIsPointless("the clinic is gone")
    return clinic, ModerationDecision.objects.get(pk=context["decision_id"])


def _confirmation_url(clinic: Clinic, letter: uuid.UUID) -> str:
    if clinic.owner is None:
        raise MailIsPointless("the clinic's owner is gone")
    link = _link(clinic, clinic.owner, uuid.uuid5(letter, str(clinic.pk)))
    path = reverse("clinics:confirm-email", kwargs={"clinic_id": clinic.pk, "token": link.token})
    return f"{settings.ENVIRONMENT.public_url}{path}"


def _link(clinic: Clinic, owner: User, link_id: uuid.UUID) -> MailLink:
    """The link that this letter carries for the clinic: made at its first delivery, the same at every later one."""
    link = MailLink.objects.filter(pk=link_id).first()
    if link is None:
        return links.issue_link(user=owner, purpose=CONFIRM_CLINIC, subject=str(clinic.pk), lifetime=CONFIRM_LIFETIME, link_id=link_id)
    if link.used_at or link.superseded_at or link.expires_at <= timezone.now():
        raise MailIsPointless("the link is used, replaced or expired")
    return link
