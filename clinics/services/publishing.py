"""The published projection follows what Wagtail publishes and withdraws, in the same transaction."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop
from wagtail.log_actions import get_active_log_context
from wagtail.models import Revision

from clinics import cards, geocoding, hours, places
from clinics.errors import EmailNotConfirmed, NotReviewed
from clinics.hours import CLOSED
from clinics.models import Clinic, ClinicListing, ClinicPage, ListingShift, ListingSpecialShift, ModerationDecision
from clinics.models.listing import clock_key
from clinics.text import fold
from fammo.cms.models import digest_revision, is_approved

State = Clinic.State
COPIED = (
    "slug",
    "address",
    "zip_code",
    "city",
    "country",
    "email",
    "website",
    "instagram",
    "specializations",
    "other_specializations",
    "vet_name",
    "closed_on_holidays",
)
PLACE = ("latitude", "longitude", "coordinate_source", "place_precision", "geocoded_address", "time_zone")
UNPUBLISHED = gettext_noop("The page was unpublished by staff.")


@transaction.atomic
def publish_listing(*, page: ClinicPage, revision: Revision) -> ClinicListing | None:
    """Write the listing from the revision that is being published; a translation brings its words only.

    None when the page has no clinic yet or is a translation of a clinic that is not listed. Raises NotReviewed and EmailNotConfirmed.
    """
    if not is_approved(revision):
        raise NotReviewed
    clinic = _clinic_of(page)
    if clinic is None:
        return None
    if clinic.page_id != page.pk:
        return _publish_words(clinic, page)
    if clinic.state == State.UNCONFIRMED:
        raise EmailNotConfirmed
    _approve(clinic)
    _place(clinic, page)
    clinic.save(update_fields=["state", *PLACE])
    return _write_listing(clinic, page, revision)


@transaction.atomic
def withdraw_listing(*, page: ClinicPage) -> None:
    """What is unpublished is not listed. Unpublishing the page of an approved clinic by another door suspends it too."""
    clinic = _clinic_of(page)
    if clinic is None:
        return
    if clinic.page_id != page.pk:
        listing = ClinicListing.objects.filter(pk=clinic.pk).first()
        if listing and listing.words.pop(page.locale.language_code, None):
            listing.save(update_fields=["words"])
        return
    ClinicListing.objects.filter(pk=clinic.pk).delete()
    if clinic.state == State.APPROVED:
        clinic.move_to(State.SUSPENDED)
        clinic.save(update_fields=["state"])
        _record_suspension(clinic, page)


def _clinic_of(page: ClinicPage) -> Clinic | None:
    clinics = Clinic.objects.select_for_update(of=("self",)).select_related("page__locale")
    return clinics.filter(page__translation_key=page.translation_key).first()


def _publish_words(clinic: Clinic, page: ClinicPage) -> ClinicListing | None:
    listing = ClinicListing.objects.filter(pk=clinic.pk).first()
    if listing is None:
        return None
    listing.words |= {page.locale.language_code: page.words()}
    listing.save(update_fields=["words"])
    return listing


def _approve(clinic: Clinic) -> None:
    """Publishing is approving, from wherever the clinic stood."""
    if clinic.state == State.REJECTED:
        clinic.move_to(State.PENDING)
    if clinic.state != State.APPROVED:
        clinic.move_to(State.APPROVED)


def _place(clinic: Clinic, page: ClinicPage) -> None:
    """The clinic's own coordinates, unless a moderator has placed the pin. A geocoder's finding stays as long as the address does."""
    source = Clinic.CoordinateSource
    if clinic.coordinate_source != source.PINNED and page.latitude is not None and page.longitude is not None:
        clinic.latitude, clinic.longitude, clinic.coordinate_source = Decimal(page.latitude), Decimal(page.longitude), source.STATED
        clinic.place_precision, clinic.geocoded_address = Clinic.PlacePrecision.EXACT, ""
    elif clinic.coordinate_source == source.STATED or (
        clinic.coordinate_source == source.GEOCODED and clinic.geocoded_address != geocoding.address_of(page)
    ):
        clinic.latitude, clinic.longitude, clinic.coordinate_source = None, None, ""
        clinic.place_precision, clinic.geocoded_address = "", ""
    clinic.time_zone = places.time_zone_for(clinic.latitude, clinic.longitude, page.country)


def _write_listing(clinic: Clinic, page: ClinicPage, revision: Revision) -> ClinicListing:
    card = cards.card_of_page(clinic, page)
    language = page.locale.language_code
    listing, _created = ClinicListing.objects.update_or_create(
        clinic=clinic,
        defaults={
            **{name: getattr(page, name) for name in COPIED},
            "name": page.title,
            "latitude": clinic.latitude,
            "longitude": clinic.longitude,
            "phone": card.phone,
            "logo": cards.logo_path(page),
            "week": hours.to_json(page.week()),
            "special_hours": hours.special_to_json(page.special_days()),
            "clock": clock_key(page.country, clinic.time_zone),
            "words": _words_of_translations(page) | {language: page.words()},
            "source_language": language,
            "city_key": fold(page.city),
            "search_text": cards.search_text_of(card),
            "specialization_keys": f",{','.join(page.specializations)}," if page.specializations else "",
            "revision": revision,
            "content_sha256": digest_revision(revision),
            "published_at": timezone.now(),
        },
    )
    _write_shifts(listing, page)
    return listing


def _write_shifts(listing: ClinicListing, page: ClinicPage) -> None:
    listing.shifts.all().delete()
    listing.special_shifts.all().delete()
    shifts = ((interval.day, *interval.shift) for interval in page.week())
    ListingShift.objects.bulk_create(ListingShift(listing=listing, weekday=day, starts=starts, ends=ends) for day, starts, ends in shifts)
    special = ((day.on, *shift) for day in page.special_days() for shift in day.shifts or (CLOSED,))
    ListingSpecialShift.objects.bulk_create(
        ListingSpecialShift(listing=listing, on=on, starts=starts, ends=ends) for on, starts, ends in special
    )


def _words_of_translations(page: ClinicPage) -> dict[str, dict[str, str]]:
    """From the revisions that are live, never from the rows: wagtail-localize saves drafts of live translations into them."""
    translations = page.get_translations().filter(live=True, live_revision__isnull=False).select_related("locale", "live_revision")
    return {translation.locale.language_code: translation.live_revision.as_object().words() for translation in translations}


def _record_suspension(clinic: Clinic, page: ClinicPage) -> None:
    ModerationDecision.objects.create(
        clinic_number=clinic.pk,
        clinic_name=page.title,
        language=page.locale.language_code,
        decision=ModerationDecision.Decision.SUSPENDED,
        reason_code=ModerationDecision.Reason.OTHER,
        reason_field=ModerationDecision.Subject.CLINIC,
        reason_text=UNPUBLISHED,
        actor=get_active_log_context().user,
    )
