"""Everything that a moderator is shown about one page: what waits, what it would change, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from clinics import policies
from clinics.errors import ClinicNotFound
from clinics.models import Clinic, ClinicPage, ModerationDecision, ReviewClaim
from clinics.services.moderation import last_approved
from fammo.cms.models import ReviewedTaskState, digest_revision

from . import queue
from .actions import Action
from .difference import Change, changes
from .signals import Signal, signals
from .whereabouts import Whereabouts, whereabouts

if TYPE_CHECKING:
    from fammo.accounts.models import User

State = Clinic.State


@dataclass(frozen=True, kw_only=True)
class Case:
    """``submitted`` is what the page says in its newest revision, ``public`` what everybody reads now (None: nothing)."""

    clinic: Clinic
    page: ClinicPage
    review: ReviewedTaskState | None
    entry: queue.Entry | None
    submitted: ClinicPage
    public: ClinicPage | None
    public_sha256: str
    claim: ReviewClaim | None
    actions: list[Action]

    @property
    def content_sha256(self) -> str:
        """What a decision about what waits has to name; empty when nothing does."""
        return self.review.content_sha256 if self.review else ""

    @property
    def is_source(self) -> bool:
        return self.clinic.page_id == self.page.pk

    @property
    def language(self) -> str:
        code: str = self.page.locale.language_code
        return code

    def changes(self) -> list[Change]:
        return changes(self.public, self.submitted, is_source=self.is_source)

    def changes_since(self, seen: str) -> list[Change] | None:
        """What is different from the content with this digest; None when it is the same or is not known any more."""
        if not seen or seen == self.content_sha256:
            return None
        return _changed(_reviewed(self.page.pk, seen), self.submitted, is_source=self.is_source)

    def public_changes_since(self, seen: str) -> list[Change] | None:
        """The same about what is public, or was last approved: that is the clinic's own page, whatever the language of the case."""
        approved = last_approved(self.clinic).get(self.clinic.page_id)
        if not seen or seen == self.public_sha256 or approved is None:
            return None
        return _changed(_reviewed(self.clinic.page_id, seen), approved.as_object(), is_source=True)

    @cached_property
    def facts(self) -> ClinicPage:
        """Where address, phone and place are read: the clinic's own page, as it was submitted."""
        page: ClinicPage = self.submitted if self.is_source else self.clinic.page.get_latest_revision_as_object()
        return page

    @cached_property
    def whereabouts(self) -> Whereabouts:
        return whereabouts(self.clinic, self.facts)

    def signals(self) -> list[Signal]:
        return signals(self.clinic, self.facts, self.whereabouts)

    def history(self) -> list[ModerationDecision]:
        """Every decision about this clinic, the newest first."""
        return list(ModerationDecision.objects.filter(clinic_number=self.clinic.pk).select_related("actor"))


def _reviewed(page_id: int, digest: str) -> ClinicPage | None:
    """The content with this digest as it was put before the moderators; None when it never was, or cannot be read any more."""
    reviews = ReviewedTaskState.objects.filter(workflow_state__object_id=str(page_id), content_sha256=digest)
    review = reviews.select_related("revision").order_by("-pk").first()
    if review is None or digest_revision(review.revision) != digest:
        return None
    page: ClinicPage = review.revision.as_object()
    return page


def _changed(before: ClinicPage | None, after: ClinicPage, *, is_source: bool) -> list[Change] | None:
    return None if before is None else [change for change in changes(before, after, is_source=is_source) if change.is_changed]


def case_of(page_id: int, user: User) -> Case:
    """The page as this moderator finds it now; raises ClinicNotFound."""
    page = ClinicPage.objects.select_related("locale", "latest_revision", "live_revision").filter(pk=page_id).first()
    clinic = page and Clinic.objects.select_related("page__locale", "owner").filter(page__translation_key=page.translation_key).first()
    if page is None or clinic is None:
        raise ClinicNotFound
    listed = queue.open_reviews().filter(page_number=page.pk).select_related("revision").first()
    claim = ReviewClaim.objects.current().filter(page=page).select_related("moderator").first()
    return Case(
        clinic=clinic,
        page=page,
        review=listed,
        entry=queue.entries([listed], user)[0] if listed else None,
        submitted=listed.revision.as_object() if listed else page.get_latest_revision_as_object(),
        public=page.live_revision.as_object() if page.live and page.live_revision else None,
        public_sha256=_public_sha256(clinic),
        claim=claim,
        actions=allowed_actions(user, clinic=clinic, review=listed, claim=claim),
    )


def allowed_actions(user: User, *, clinic: Clinic, review: ReviewedTaskState | None, claim: ReviewClaim | None) -> list[Action]:
    """What this person may do now; the services refuse everything else."""
    if not policies.can_decide(user, clinic):
        return []
    allowed = []
    is_held = claim is not None and claim.moderator_id != user.pk
    if review is not None and not is_held:
        allowed += [Action.RELEASE if claim else Action.CLAIM]
        allowed += [] if review.task.specific.is_own_work(review, user) else [Action.APPROVE]
        allowed += [Action.REQUEST_CHANGES, Action.REJECT]
    allowed += {State.APPROVED: [Action.SUSPEND], State.SUSPENDED: [Action.REINSTATE]}.get(State(clinic.state), [])
    return [*allowed, Action.PLACE]


def _public_sha256(clinic: Clinic) -> str:
    """Of what is listed, or of what would be listed again."""
    if clinic.state == State.APPROVED:
        return clinic.listing.content_sha256
    approved = last_approved(clinic).get(clinic.page_id)
    return digest_revision(approved) if approved else ""
