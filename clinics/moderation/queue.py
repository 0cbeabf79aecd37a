"""The queue: what waits for a moderator, the longest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import TaskState

from clinics.models import Clinic, ClinicApprovalTask, ClinicPage, ReviewClaim
from fammo.cms.models import ReviewedTaskState

if TYPE_CHECKING:
    from fammo.accounts.models import User

MINUTE = timedelta(minutes=1)


class View(TextChoices):
    """Which part of the queue is shown."""

    ALL = "all", _("Everything")
    FREE = "free", _("Nobody's yet")
    MINE = "mine", _("Claimed by me")
    LATE = "late", _("Over the target")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One page that waits: a clinic in one language."""

    page_id: int
    clinic_id: int
    name: str
    city: str
    country: str
    language: str
    is_new: bool
    waiting_since: datetime
    content_sha256: str
    claimed_by: str
    claimed_until: datetime | None
    is_mine: bool
    is_own: bool

    @property
    def due_at(self) -> datetime:
        return self.waiting_since + target()

    @property
    def is_late(self) -> bool:
        return self.due_at <= timezone.now()

    @property
    def is_fresh(self) -> bool:
        """For less than the minute that a clock without seconds can show."""
        return timezone.now() - self.waiting_since < MINUTE

    @property
    def share_of_target(self) -> int:
        """Per cent of the target that have gone by, 100 at most."""
        return min(100, max(0, round(100 * (timezone.now() - self.waiting_since) / target())))


def target() -> timedelta:
    return timedelta(hours=settings.MODERATION_TARGET_HOURS)


def waiting(user: User, *, view: str = View.ALL, search: str = "") -> QuerySet[ReviewedTaskState]:
    """Open reviews in the order of the queue, with what ``entry_of`` needs. An owner's later save does not put them at its end."""
    reviews = open_reviews()
    if search:
        reviews = reviews.filter(Q(name__icontains=search) | Q(city__icontains=search))
    claims = ReviewClaim.objects.current().filter(page=OuterRef("page_number"))
    if view == View.FREE:
        reviews = reviews.filter(~Exists(claims))
    elif view == View.MINE:
        reviews = reviews.filter(Exists(claims.filter(moderator=user)))
    elif view == View.LATE:
        reviews = reviews.filter(since__lte=timezone.now() - target())
    return reviews.order_by("since", "page_number")


def open_reviews() -> QuerySet[ReviewedTaskState]:
    """Every review of a clinic that is open: its page, what the page says, and since when something of it waits."""
    same_page = TaskState.objects.filter(workflow_state=OuterRef("workflow_state"))
    refused = same_page.filter(status=TaskState.STATUS_REJECTED).order_by("-pk").values("pk")[:1]
    since = same_page.filter(pk__gt=OuterRef("refused")).order_by("pk").values("started_at")[:1]
    reviews: QuerySet[ReviewedTaskState] = (
        ReviewedTaskState.objects.filter(
            status=TaskState.STATUS_IN_PROGRESS, task__in=ClinicApprovalTask.objects.all(), workflow_state__current_task_state=F("pk")
        )
        .annotate(
            page_number=Cast("workflow_state__object_id", BigIntegerField()),
            name=KeyTextTransform("title", "revision__content"),
            city=KeyTextTransform("city", "revision__content"),
            country=KeyTextTransform("country", "revision__content"),
            refused=Coalesce(Subquery(refused), 0),
        )
        .annotate(since=Subquery(since))
    )
    return reviews


def entries(reviews: list[ReviewedTaskState], user: User) -> list[Entry]:
    """What a list shows of these reviews, in their order; three queries however many they are."""
    numbers = [review.page_number for review in reviews]
    pages = ClinicPage.objects.select_related("locale").defer_streamfields().in_bulk(numbers)
    clinics = Clinic.objects.filter(page__translation_key__in=[page.translation_key for page in pages.values()])
    clinic_of = {clinic.page.translation_key: clinic for clinic in clinics.select_related("page")}
    claims = {claim.page_id: claim for claim in ReviewClaim.objects.current().filter(page__in=numbers).select_related("moderator")}
    shown = [(review, pages[review.page_number]) for review in reviews if review.page_number in pages]  # not one deleted meanwhile
    return [_entry(review, page, clinic_of[page.translation_key], claims.get(page.pk), user) for review, page in shown]


def after(user: User, page_id: int | None) -> int | None:
    """The page to look at next: the first behind this one that the moderator may decide, then round again; None when all is clear."""
    held = ReviewClaim.objects.current().filter(page=OuterRef("page_number")).exclude(moderator=user)
    own = ClinicPage.objects.filter(translation_key__in=Clinic.objects.owned_by(user).values("page__translation_key"))
    order = list(waiting(user).values_list("page_number", flat=True))
    free = set(waiting(user).exclude(Exists(held)).exclude(page_number__in=own.values("pk")).values_list("page_number", flat=True))
    here = order.index(page_id) if page_id in order else -1
    return next((number for number in order[here + 1 :] + order[: max(here, 0)] if number in free), None)


def _entry(review: Any, page: ClinicPage, clinic: Clinic, claim: ReviewClaim | None, user: User) -> Entry:
    return Entry(
        page_id=page.pk,
        clinic_id=clinic.pk,
        name=review.name,
        city=review.city,
        country=review.country,
        language=page.locale.language_code,
        is_new=page.live_revision_id is None,
        waiting_since=review.since,
        content_sha256=review.content_sha256,
        claimed_by=str(claim.moderator) if claim else "",
        claimed_until=claim.expires_at if claim else None,
        is_mine=claim is not None and claim.moderator_id == user.pk,
        is_own=clinic.owner_id == user.pk,
    )
