"""Claims: one moderator at a time looks at what waits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from clinics import audit, policies
from clinics.audit import Verb
from clinics.errors import ClaimedByAnother, NothingToDecide, OwnClinic
from clinics.models import Clinic, ClinicPage, ReviewClaim
from fammo.common.errors import NotAllowed

if TYPE_CHECKING:
    from fammo.accounts.models import User


@transaction.atomic
def claim_review(*, page: ClinicPage, actor: User) -> ReviewClaim:
    """Take what waits on this page for ``MODERATION_CLAIM_MINUTES``, or go on with it for as long again.

    Raises ClaimedByAnother, NothingToDecide, OwnClinic and NotAllowed.
    """
    clinic = _clinic_for(page, actor)
    if not ClinicPage.objects.get(pk=page.pk).workflow_in_progress:
        raise NothingToDecide
    now = timezone.now()
    held = ReviewClaim.objects.select_for_update().filter(page=page).first()
    if held is not None and held.moderator_id != actor.pk and held.expires_at > now:
        raise ClaimedByAnother
    is_new = held is None or held.moderator_id != actor.pk
    claim, _created = ReviewClaim.objects.update_or_create(
        page=page,
        defaults={
            "moderator": actor,
            "claimed_at": now if held is None or is_new else held.claimed_at,
            "expires_at": now + timedelta(minutes=settings.MODERATION_CLAIM_MINUTES),
        },
    )
    if is_new:
        audit.record(Verb.CLAIMED, clinic=clinic, actor=actor, detail=page.locale.language_code)
    return claim


@transaction.atomic
def release_review(*, page: ClinicPage, actor: User) -> None:
    """Give one's claim back; without one nothing happens. Raises OwnClinic and NotAllowed."""
    clinic = _clinic_for(page, actor)
    given_back, _rows = ReviewClaim.objects.filter(page=page, moderator=actor).delete()
    if given_back:
        audit.record(Verb.RELEASED, clinic=clinic, actor=actor, detail=page.locale.language_code)


def _clinic_for(page: ClinicPage, actor: User) -> Clinic:
    """The page's row lock makes two who claim at once take turns."""
    Page.objects.select_for_update().get(pk=page.pk)
    clinic = Clinic.objects.select_related("page").get(page__translation_key=page.translation_key)
    if policies.owns(actor, clinic):
        raise OwnClinic
    if not policies.can_decide(actor, clinic):
        raise NotAllowed
    return clinic
