"""What moderators do, and what brings a clinic before them.

Every decision names the content it is about by its digest: ``seen``, the SHA-256 of what the moderator had open.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, Revision, TaskState

from clinics import audit, places, policies
from clinics.audit import Verb
from clinics.errors import EmailNotConfirmed, IllegalTransition, NothingToDecide, OwnClinic
from clinics.models import Clinic, ClinicListing, ClinicPage, ModerationDecision, ReviewClaim
from clinics.models.moderation import require_reason
from fammo.audit.services import columns_of
from fammo.cms.errors import StaleReview
from fammo.cms.models import ReviewedTaskState, digest_revision
from fammo.cms.workflow import submit_for_approval
from fammo.common import languages
from fammo.common.errors import InvalidInput, NotAllowed
from fammo.mail.services import send_mail

if TYPE_CHECKING:
    from fammo.accounts.models import User

Decision = ModerationDecision.Decision
State = Clinic.State
AUDITED = {
    Decision.APPROVED: Verb.APPROVED,
    Decision.CHANGES_REQUESTED: Verb.CHANGES_REQUESTED,
    Decision.REJECTED: Verb.REJECTED,
    Decision.SUSPENDED: Verb.SUSPENDED,
    Decision.REINSTATED: Verb.REINSTATED,
}
PLACE = ("latitude", "longitude", "coordinate_source", "place_precision", "time_zone")


@transaction.atomic
def submit_clinic(*, clinic: Clinic) -> None:
    """Put every unpublished word of the clinic, in each of its languages, before the moderators.

    Reviews name nobody as their requester: Wagtail writes to that person about its admin, where owners have no business.
    """
    if clinic.state == State.UNCONFIRMED:
        raise EmailNotConfirmed
    for page in ClinicPage.objects.filter(translation_key=clinic.page.translation_key, has_unpublished_changes=True).order_by("pk"):
        submit_for_approval(page, user=None)


@transaction.atomic
def approve_clinic(*, page: ClinicPage, seen: str, actor: User) -> None:
    """Publish exactly what was seen; raises StaleReview, NothingToDecide, ClaimedByAnother, OwnClinic, OwnWork, NotAllowed."""
    review = _open_review(page, seen, actor)
    review.task.specific.on_action(review, actor, "approve")


@transaction.atomic
def request_changes(*, page: ClinicPage, seen: str, reason_code: str, reason_field: str, reason_text: str, actor: User) -> None:
    """Ask the owner to change something first; raises as ``approve_clinic`` does, and ReasonRequired."""
    review = _open_review(page, seen, actor)
    review.task.specific.on_action(review, actor, "reject", reason_code=reason_code, reason_field=reason_field, comment=reason_text)


@transaction.atomic
def reject_clinic(*, page: ClinicPage, seen: str, reason_code: str, reason_field: str, reason_text: str, actor: User) -> None:
    """Say that this cannot be shown, and what would have to be different; raises as ``request_changes`` does."""
    review = _open_review(page, seen, actor)
    review.task.specific.on_action(
        review, actor, "reject", reason_code=reason_code, reason_field=reason_field, comment=reason_text, is_final=True
    )


@transaction.atomic
def record_review(
    *, review: ReviewedTaskState, decision: str, actor: User, reason_code: str = "", reason_field: str = "", comment: str = ""
) -> ModerationDecision:
    """Keep a decision that was just made in the workflow, move the clinic's state and tell the owner."""
    page = ClinicPage.objects.select_related("locale").get(pk=review.workflow_state.object_id)
    clinic = Clinic.objects.select_for_update(of=("self",)).select_related("page").get(page__translation_key=page.translation_key)
    is_source = clinic.page_id == page.pk
    if decision != Decision.APPROVED and clinic.state == State.PENDING and is_source:
        clinic.move_to(State.REJECTED)
        clinic.save(update_fields=["state"])
    made = _keep_decision(
        clinic,
        page,
        decision,
        actor,
        revision_number=review.revision_id,
        content_sha256=review.content_sha256,
        reason_code=reason_code,
        reason_field=reason_field,
        reason_text=comment,
    )
    ReviewClaim.objects.filter(page=page).delete()
    if decision != Decision.APPROVED or is_source:  # not again for each language in which the same clinic is described
        _tell_owner(clinic, f"clinics.{decision}", made)
    return made


@transaction.atomic
def suspend_clinic(*, clinic: Clinic, seen: str, reason_code: str, reason_field: str, reason_text: str, actor: User) -> Clinic:
    """Take a live clinic out of the directory, with a reason that its owner is told; ``seen`` is the digest of its listing.

    Raises IllegalTransition, StaleReview, OwnClinic, NotAllowed and ReasonRequired.
    """
    clinic = _locked(clinic)
    _require_moderator(actor, clinic)
    require_reason(reason_code=reason_code, reason_field=reason_field, comment=reason_text)
    if clinic.state != State.APPROVED:
        raise IllegalTransition(extra={"state": clinic.state, "wanted": State.SUSPENDED})
    _require_seen(seen, clinic.listing.content_sha256)
    clinic.move_to(State.SUSPENDED)
    clinic.save(update_fields=["state"])
    decision = _keep_decision(
        clinic,
        clinic.page,
        Decision.SUSPENDED,
        actor,
        revision_number=clinic.page.live_revision_id,
        content_sha256=seen,
        reason_code=reason_code,
        reason_field=reason_field,
        reason_text=reason_text.strip(),
    )
    for page in ClinicPage.objects.filter(translation_key=clinic.page.translation_key, live=True):
        UnpublishPageAction(page, user=actor).execute(skip_permission_checks=True)
    _tell_owner(clinic, "clinics.suspended", decision)
    return clinic


@transaction.atomic
def reinstate_clinic(*, clinic: Clinic, seen: str, actor: User) -> Clinic:
    """Show a suspended clinic again, in every language, as it was last approved; newer words go on waiting.

    Raises IllegalTransition, StaleReview (``seen`` is not what was last approved), OwnClinic and NotAllowed.
    """
    clinic = _locked(clinic)
    _require_moderator(actor, clinic)
    if clinic.state != State.SUSPENDED:
        raise IllegalTransition(extra={"state": clinic.state, "wanted": State.APPROVED})
    approved = last_approved(clinic)
    source = approved.get(clinic.page_id)
    _require_seen(seen, digest_revision(source) if source else "")
    for revision in approved.values():
        revision.publish(user=actor, skip_permission_checks=True)
    clinic = _locked(clinic)
    decision = _keep_decision(
        clinic, clinic.page, Decision.REINSTATED, actor, revision_number=clinic.page.live_revision_id, content_sha256=seen
    )
    submit_clinic(clinic=clinic)  # publishing has closed the reviews of newer words
    _tell_owner(clinic, "clinics.reinstated", decision)
    return clinic


def last_approved(clinic: Clinic) -> dict[int, Revision]:
    """Page id -> the revision that a moderator approved last, the clinic's own page first; pages without one are left out."""
    pages = ClinicPage.objects.filter(translation_key=clinic.page.translation_key).order_by("pk").values_list("pk", flat=True)
    reviews = ReviewedTaskState.objects.filter(status=TaskState.STATUS_APPROVED, revision__object_id__in=[str(pk) for pk in pages])
    newest = {int(review.revision.object_id): review for review in reviews.select_related("revision").order_by("pk")}
    return {pk: newest[pk].revision for pk in pages if pk in newest and digest_revision(newest[pk].revision) == newest[pk].content_sha256}


@transaction.atomic
def verify_clinic(*, clinic: Clinic, actor: User, is_verified: bool) -> Clinic:
    """Say, or no longer say, that Fammo has checked who this clinic is; raises OwnClinic and NotAllowed."""
    clinic = Clinic.objects.select_for_update(of=("self",)).select_related("page").get(pk=clinic.pk)
    _require_moderator(actor, clinic)
    before = columns_of(clinic, "is_verified")
    clinic.is_verified = is_verified
    clinic.save(update_fields=["is_verified"])
    audit.record(Verb.VERIFIED, clinic=clinic, actor=actor, before=before, after=columns_of(clinic, "is_verified"))
    return clinic


@transaction.atomic
def place_clinic(
    *,
    clinic: Clinic,
    latitude: Decimal,
    longitude: Decimal,
    source: str = Clinic.CoordinateSource.PINNED,
    precision: str = Clinic.PlacePrecision.EXACT,
    actor: User | None = None,
) -> Clinic:
    """Put the clinic on the map: a moderator's pin stays, a geocoder's finding (``actor`` None) yields to it.

    Coordinates are operational, so the listing follows at once. Raises OwnClinic, NotAllowed and InvalidInput.
    """
    clinic = Clinic.objects.select_for_update(of=("self",)).select_related("page").get(pk=clinic.pk)
    if actor is not None:
        _require_moderator(actor, clinic)
    elif clinic.coordinate_source == Clinic.CoordinateSource.PINNED:
        return clinic
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise InvalidInput(fields={"coordinates": [_("There is no such place on earth.")]})
    before = columns_of(clinic, *PLACE)
    clinic.latitude, clinic.longitude, clinic.coordinate_source, clinic.place_precision = latitude, longitude, source, precision
    clinic.time_zone = places.time_zone_at(latitude, longitude)
    clinic.full_clean()
    clinic.save(update_fields=PLACE)
    ClinicListing.objects.filter(pk=clinic.pk).update(
        latitude=latitude, longitude=longitude, clock=Concat("country", Value(f" {clinic.time_zone}"))
    )
    if actor is not None:
        audit.record(Verb.PINNED, clinic=clinic, actor=actor, before=before, after=columns_of(clinic, *PLACE))
    return clinic


def _open_review(page: ClinicPage, seen: str, actor: User) -> ReviewedTaskState:
    """The open review of the page, if it is about what was seen and this person may decide. Nobody can write the page until then."""
    Page.objects.select_for_update().get(pk=page.pk)
    page = ClinicPage.objects.get(pk=page.pk)
    _require_moderator(actor, Clinic.objects.get(page__translation_key=page.translation_key))
    review = page.current_workflow_task_state
    if not isinstance(review, ReviewedTaskState) or review.status != TaskState.STATUS_IN_PROGRESS:
        raise NothingToDecide
    _require_seen(seen, review.content_sha256)
    return review


def _require_seen(seen: str, now: str) -> None:
    if seen != now:
        raise StaleReview(extra={"content_sha256": now})


def _locked(clinic: Clinic) -> Clinic:
    """The page before the clinic: the order in which every writer takes them."""
    Page.objects.select_for_update().get(pk=clinic.page_id)
    return Clinic.objects.select_for_update(of=("self",)).select_related("page__locale", "listing").get(pk=clinic.pk)


def _require_moderator(actor: User, clinic: Clinic) -> None:
    if policies.owns(actor, clinic):
        raise OwnClinic
    if not policies.can_decide(actor, clinic):
        raise NotAllowed


def _keep_decision(clinic: Clinic, page: ClinicPage, decision: str, actor: User, **about: object) -> ModerationDecision:
    made = ModerationDecision.objects.create(
        clinic_number=clinic.pk,
        clinic_name=page.title,
        language=page.locale.language_code,
        decision=decision,
        actor=actor,
        **about,
    )
    audit.record(AUDITED[Decision(decision)], clinic=clinic, actor=actor, detail=made.content_sha256)
    return made


def _tell_owner(clinic: Clinic, kind: str, decision: ModerationDecision) -> None:
    """In the owner's own language; a clinic without an owner has nobody to tell."""
    if clinic.owner is None:
        return
    profile = getattr(clinic.owner, "profile", None)
    language = profile.preferred_language if profile else languages.DEFAULT_CODE
    send_mail(kind=kind, to=clinic.owner.email, language=language, context={"clinic_id": clinic.pk, "decision_id": decision.pk})
