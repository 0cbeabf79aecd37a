"""Reading clinics: the public reads listings and nothing else; owners and staff also read drafts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Prefetch, Q, QuerySet
from wagtail.models import Locale, WorkflowState

from . import places, policies, specializations
from .cards import LISTING_COLUMNS, ClinicCard, card_of_page, card_of_row, search_text_of
from .errors import ClinicNotFound
from .models import Clinic, ClinicListing, ClinicPage, ModerationDecision, OpeningInterval
from .nearest import Point, nearest
from .open_filter import open_at
from .querysets import on_longitudes
from .text import fold

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from fammo.accounts.models import User

# What a point that stands alone finds: sorting the whole directory by distance would read all of it.
DEFAULT_RADIUS_KM = 50.0
# So few are measured at once, without looking nearby first.
FEW = 1_000


@dataclass(frozen=True, kw_only=True)
class DirectoryFilter:
    """What the directory is asked for; None and empty mean "any"."""

    city: str = ""
    search: str = ""
    specialization: str = ""
    is_verified: bool | None = None
    email_confirmed: bool | None = None
    clinic_eoi: bool | None = None
    open_at: datetime | None = None

    def on_listings(self) -> Q:
        condition = open_at(self.open_at) if self.open_at else Q()
        if self.city:
            condition &= Q(city_key=fold(self.city))
        codes, rest = specializations.parse(self.specialization)
        for code in codes:
            condition &= Q(specialization_keys__contains=f",{code},")
        for word in fold(f"{self.search} {rest}").split():
            condition &= Q(search_text__contains=word)
        return condition & self._on_clinic("clinic__")

    def accepts(self, card: ClinicCard) -> bool:
        """The same question about a draft, which has no folded columns."""
        codes, rest = specializations.parse(self.specialization)
        text = search_text_of(card)
        return (
            (not self.city or fold(card.city) == fold(self.city))
            and set(codes) <= set(card.specialization_codes)
            and all(word in text for word in fold(f"{self.search} {rest}").split())
            and (self.open_at is None or self._is_open(card, self.open_at))
        )

    @property
    def names_place_or_words(self) -> bool:
        """Whether a city or words narrow the directory down, so that a point needs only sort what they find."""
        return bool(self.city or fold(self.search).split())

    @staticmethod
    def _is_open(card: ClinicCard, moment: datetime) -> bool:
        state = card.opening_at(moment)
        return state is not None and state.is_open

    def on_clinics(self) -> Q:
        return self._on_clinic("")

    def _on_clinic(self, prefix: str) -> Q:
        condition = Q()
        if self.is_verified is not None:
            condition &= Q(**{f"{prefix}is_verified": self.is_verified})
        if self.email_confirmed is not None:
            condition &= Q(**{f"{prefix}email_confirmed_at__isnull": not self.email_confirmed})
        if self.clinic_eoi is not None:
            condition &= Q(**{f"{prefix}clinic_eoi": self.clinic_eoi})
        return condition


def listings(wanted: DirectoryFilter) -> QuerySet[ClinicListing, dict[str, Any]]:
    """The public directory by name, as plain rows for ``card_of_row``."""
    return ClinicListing.objects.filter(wanted.on_listings()).order_by("name", "clinic_id").values(*LISTING_COLUMNS)


def unlisted_cards(user: User | AnonymousUser, wanted: DirectoryFilter) -> list[ClinicCard]:
    """What ``show_all`` adds: for owners their own unlisted clinics, for staff everybody's."""
    clinics = (
        Clinic.objects.visible_to(user)
        .filter(wanted.on_clinics(), listing__isnull=True)
        .select_related("page__logo", "page__locale")
        .prefetch_related(
            Prefetch("page__opening_intervals", OpeningInterval.objects.order_by("day_of_week", "opens")),
            "page__special_hours",
            "page__logo__renditions",
        )
    )
    cards = (card_of_page(clinic, clinic.page) for clinic in clinics)
    return [card for card in cards if wanted.accepts(card)]


def everything_for(user: User, wanted: DirectoryFilter, language: str) -> list[ClinicCard]:
    """The directory widened by ``show_all``, in the directory's order."""
    public = [card_of_row(row, language) for row in listings(wanted)]
    return sorted([*public, *unlisted_cards(user, wanted)], key=lambda card: (card.name, card.id))


@dataclass(frozen=True, kw_only=True)
class Found:
    """One page of a search and the number of all that was found."""

    count: int
    cards: list[ClinicCard]


def search(
    wanted: DirectoryFilter,
    *,
    latitude: Decimal | None,
    longitude: Decimal | None,
    radius_km: float | None,
    language: str,
    offset: int,
    limit: int,
) -> Found:
    """Nearest first within the radius of a point; by name where there is no point.

    Without a radius a point only sorts what a city or words find; alone it finds what is within ``DEFAULT_RADIUS_KM``.
    """
    window = {"offset": offset, "limit": limit}
    if latitude is None or longitude is None:
        rows = listings(wanted)
        return Found(count=rows.count(), cards=[card_of_row(row, language) for row in rows[offset : offset + limit]])
    if radius_km is None and wanted.names_place_or_words:
        return _all_sorted(wanted, float(latitude), float(longitude), language, **window)
    radius_km = DEFAULT_RADIUS_KM if radius_km is None else radius_km
    near = nearest(_points(wanted, float(latitude), float(longitude), radius_km), float(latitude), float(longitude), radius_km, **window)
    return Found(count=near.count, cards=cards_at(near.found, language))


def _all_sorted(wanted: DirectoryFilter, latitude: float, longitude: float, language: str, *, offset: int, limit: int) -> Found:
    """Everything that is wanted: the nearest first, and by name at the end what nobody has placed on the map."""
    found = ClinicListing.objects.filter(wanted.on_listings()).aggregate(count=Count("pk"), placed=Count("latitude"))
    count, placed, end = found["count"], found["placed"], offset + limit
    cards: list[ClinicCard] = []
    if offset < placed:
        cards = cards_at(_nearest_of(placed, wanted, latitude, longitude, offset=offset, limit=limit), language)
    if placed < count and end > placed:
        unplaced = listings(wanted).filter(latitude__isnull=True)[max(offset - placed, 0) : end - placed]
        cards += [card_of_row(row, language) for row in unplaced]
    return Found(count=count, cards=cards)


def _nearest_of(
    placed: int, wanted: DirectoryFilter, latitude: float, longitude: float, *, offset: int, limit: int
) -> list[tuple[float, int]]:
    """The nearest of as many as are ``placed``, wherever they are. Of many, only rings round the point are read until they hold enough."""
    radius_km = places.HALF_CIRCUMFERENCE_KM if placed <= FEW else DEFAULT_RADIUS_KM
    while True:
        points = _points(wanted, latitude, longitude, radius_km)
        near = nearest(points, latitude, longitude, radius_km, offset=offset, limit=limit)
        if near.count >= min(offset + limit, placed) or radius_km >= places.HALF_CIRCUMFERENCE_KM:
            return near.found
        radius_km = min(radius_km * 4, places.HALF_CIRCUMFERENCE_KM)


def nearby(wanted: DirectoryFilter, latitude: float, longitude: float, radius_km: float, limit: int = 200) -> list[tuple[float, int]]:
    """(distance, clinic id) of the listings within the radius: nearest first, equally near ones by id."""
    return nearest(_points(wanted, latitude, longitude, radius_km), latitude, longitude, radius_km, offset=0, limit=limit).found


def _points(wanted: DirectoryFilter, latitude: float, longitude: float, radius_km: float) -> Iterator[Point]:
    box = places.box_around(latitude, longitude, radius_km)
    rows = ClinicListing.objects.filter(wanted.on_listings(), on_longitudes(box), latitude__gte=box.south, latitude__lte=box.north)
    for number, there_latitude, there_longitude in rows.order_by().values_list("clinic_id", "latitude", "longitude"):
        yield number, float(there_latitude or 0), float(there_longitude or 0)


def cards_at(found: Sequence[tuple[float, int]], language: str) -> list[ClinicCard]:
    """The cards of one page of ``nearby``, in its order, with their distances."""
    rows = {row["clinic_id"]: row for row in ClinicListing.objects.filter(pk__in=[pk for _km, pk in found]).values(*LISTING_COLUMNS)}
    return [card_of_row(rows[pk], language, distance_km=round(km, 1)) for km, pk in found if pk in rows]


def get_clinic(clinic_id: int, user: User | AnonymousUser) -> Clinic:
    """The clinic if this caller may know of it; raises ClinicNotFound."""
    clinic = Clinic.objects.visible_to(user).select_related("page", "listing").filter(pk=clinic_id).first()
    if clinic is None:
        raise ClinicNotFound
    return clinic


def public_card(clinic_id: int, language: str) -> ClinicCard:
    """A listed clinic; raises ClinicNotFound."""
    row = ClinicListing.objects.filter(pk=clinic_id).values(*LISTING_COLUMNS).first()
    if row is None:
        raise ClinicNotFound
    return card_of_row(row, language)


def card_for(clinic_id: int, user: User | AnonymousUser, language: str) -> ClinicCard:
    """What this caller reads about a clinic: its draft or its listing; raises ClinicNotFound."""
    clinic = get_clinic(clinic_id, user)
    if policies.reads_draft(user, clinic, is_listed=hasattr(clinic, "listing")):
        return draft_card(clinic, language)
    return public_card(clinic_id, language)


def first_owned(user: User) -> Clinic:
    """The clinic that this person registered first; raises ClinicNotFound."""
    clinic = Clinic.objects.owned_by(user).select_related("page").order_by("created_at", "pk").first()
    if clinic is None:
        raise ClinicNotFound
    return clinic


def draft_card(clinic: Clinic, language: str) -> ClinicCard:
    """The newest revision of the clinic's page, with how its moderation stands; read anew, as the caller may just have written."""
    clinic = Clinic.objects.select_related("page__locale").get(pk=clinic.pk)
    page = clinic.page.get_latest_revision_as_object()
    translated = page.get_translation_or_none(_locale(language)) if page.locale.language_code != language else None
    words = translated.get_latest_revision_as_object().words() if translated else {}
    return replace(card_of_page(clinic, page, words), moderation=moderation_of(clinic))


def clinic_of_page(page: ClinicPage) -> Clinic:
    """The operational record behind a page of any language."""
    return Clinic.objects.select_related("page").get(page__translation_key=page.translation_key)


def preview_card(clinic: Clinic, page: ClinicPage) -> ClinicCard:
    """What the page would show if it were published now: facts of the source page, words of this one."""
    if page.pk == clinic.page_id:
        return card_of_page(clinic, page)
    return card_of_page(clinic, clinic.page.get_latest_revision_as_object(), page.words())


def moderation_of(clinic: Clinic) -> dict[str, Any]:
    """Where the owner's newest words are in the queue, and what the moderators said last, until the owner has answered it."""
    is_waiting = _is_waiting(clinic.page)
    decision = ModerationDecision.objects.filter(clinic_number=clinic.pk).first()
    told = decision if decision and decision.has_reason and not _is_answered(decision, clinic.page, is_waiting=is_waiting) else None
    return {
        "state": clinic.state,
        "is_waiting": is_waiting,
        "has_pending_changes": clinic.page.has_unpublished_changes,
        "reason_code": told.reason_code if told else "",
        "reason": told.reason_text if told else "",
        "decided_at": decision.decided_at if decision else None,
    }


def _is_answered(decision: ModerationDecision, source: ClinicPage, *, is_waiting: bool) -> bool:
    """Whether the page that was sent back waits again; ``is_waiting`` is about the source page, others are looked up."""
    if not decision.asks_for_another_version:
        return False
    if decision.language == source.locale.language_code:
        return is_waiting
    page = ClinicPage.objects.filter(translation_key=source.translation_key, locale__language_code=decision.language).first()
    return page is not None and _is_waiting(page)


def _is_waiting(page: ClinicPage) -> bool:
    review = page.current_workflow_state
    return review is not None and review.status == WorkflowState.STATUS_IN_PROGRESS


def waiting_since(clinic_pages: Iterable[int]) -> dict[int, Any]:
    """Page id -> when its newest content was put before the moderators, for pages that wait."""
    states = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS, object_id__in=[str(pk) for pk in clinic_pages])
    rows = states.filter(current_task_state__isnull=False).values_list("object_id", "current_task_state__started_at")
    return {int(page_id): started_at for page_id, started_at in rows}


def _locale(language: str) -> Locale:
    return Locale.objects.get(language_code=language)
