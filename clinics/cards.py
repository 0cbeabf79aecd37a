"""What a caller is told about one clinic, in one language: from a row of the directory, or from a page that may be a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

from fammo.cms.media import signed_url

from . import hours, specializations
from .models import Clinic, ClinicPage
from .opening import OpeningState, timetable_of
from .text import fold

LOGO_FILTER = "max-512x512|format-webp"
LISTING_COLUMNS = (
    "clinic_id",
    "name",
    "slug",
    "address",
    "zip_code",
    "city",
    "country",
    "latitude",
    "longitude",
    "phone",
    "email",
    "website",
    "instagram",
    "specializations",
    "other_specializations",
    "logo",
    "vet_name",
    "week",
    "special_hours",
    "closed_on_holidays",
    "words",
    "source_language",
    "clinic__state",
    "clinic__is_verified",
    "clinic__email_confirmed_at",
    "clinic__clinic_eoi",
    "clinic__time_zone",
    "clinic__place_precision",
)


@dataclass(frozen=True, kw_only=True)
class VetProfile:
    """Who treats the animals."""

    clinic: int
    vet_name: str
    degrees: str
    certifications: str
    bio: str


@dataclass(frozen=True, kw_only=True)
class ClinicCard:
    """Everything a caller is told about one clinic, in one language.

    ``distance_km`` only in a search from a point; ``opening`` only where an answer is not kept longer than it is true.
    """

    id: int
    name: str
    slug: str
    address: str
    zip_code: str
    city: str
    country: str
    latitude: Decimal | None
    longitude: Decimal | None
    phone: str
    email: str
    website: str
    instagram: str
    specialization_codes: Sequence[str]
    other_specializations: str
    logo: str | None
    vet_name: str
    bio: str
    hours_note: str
    degrees: str
    certifications: str
    week: hours.Week
    special_days: tuple[hours.SpecialDay, ...]
    closed_on_holidays: bool
    place_precision: str
    time_zone: str
    state: str
    is_verified: bool
    email_confirmed: bool
    clinic_eoi: bool
    is_active_clinic: bool
    distance_km: float | None = None
    opening: OpeningState | None = None
    moderation: Mapping[str, Any] | None = field(default=None)

    @property
    def specializations(self) -> str:
        return specializations.describe(self.specialization_codes, self.other_specializations)

    @property
    def admin_approved(self) -> bool:
        return self.state == Clinic.State.APPROVED

    @property
    def days(self) -> list[hours.Day]:
        return hours.days(self.week)

    @property
    def working_hours_formatted(self) -> list[str]:
        return hours.format_week(self.week)

    @property
    def working_hours(self) -> str | None:
        return "; ".join(self.working_hours_formatted) or None

    def opening_at(self, moment: datetime) -> OpeningState | None:
        """Open or closed, and until when; None where hours or time zone are not known."""
        if not self.time_zone or not (self.week or self.special_days):
            return None
        timetable = timetable_of(self.week, self.special_days, self.closed_on_holidays, self.country, self.time_zone)
        return timetable.state_at(moment)

    def seen_at(self, moment: datetime) -> ClinicCard:
        """The card with its opening state at the moment."""
        return replace(self, opening=self.opening_at(moment))

    @property
    def vet_profile(self) -> VetProfile:
        return VetProfile(clinic=self.id, vet_name=self.vet_name, degrees=self.degrees, certifications=self.certifications, bio=self.bio)


def card_of_row(row: Mapping[str, Any], language: str, *, distance_km: float | None = None) -> ClinicCard:
    """A card from one row of LISTING_COLUMNS: facts of the source, words of the language where there are any."""
    words = row["words"].get(row["source_language"], {}) | _given(row["words"].get(language, {}))
    return ClinicCard(
        **{name: row[name] for name in ("name", "slug", "address", "zip_code", "city", "country", "latitude", "longitude", "phone")},
        **{name: row[name] for name in ("email", "website", "instagram", "other_specializations", "vet_name")},
        **{name: words.get(name, "") for name in ClinicPage.WORDS},
        id=row["clinic_id"],
        specialization_codes=row["specializations"],
        logo=public_url(row["logo"]),
        week=hours.from_json(row["week"]),
        special_days=hours.special_from_json(row["special_hours"]),
        closed_on_holidays=row["closed_on_holidays"],
        place_precision=row["clinic__place_precision"],
        time_zone=row["clinic__time_zone"],
        state=row["clinic__state"],
        is_verified=row["clinic__is_verified"],
        email_confirmed=row["clinic__email_confirmed_at"] is not None,
        clinic_eoi=row["clinic__clinic_eoi"],
        is_active_clinic=True,
        distance_km=distance_km,
    )


def card_of_page(clinic: Clinic, page: ClinicPage, words: Mapping[str, str] = {}) -> ClinicCard:
    """A card from a page object that may be a draft; ``words`` are another language's, where it has any."""
    plain = ("slug", "address", "zip_code", "city", "country", "email", "website", "instagram", "other_specializations", "vet_name")
    texts: dict[str, Any] = {name: getattr(page, name) for name in plain} | page.words() | _given(words)
    return ClinicCard(
        **texts,
        id=clinic.pk,
        name=page.title,
        latitude=_degrees(page.latitude),
        longitude=_degrees(page.longitude),
        phone=phone_text(page),
        specialization_codes=page.specializations,
        logo=draft_url(logo_path(page)),
        week=page.week(),
        special_days=page.special_days(),
        closed_on_holidays=page.closed_on_holidays,
        place_precision=clinic.place_precision,
        time_zone=clinic.time_zone,
        state=clinic.state,
        is_verified=clinic.is_verified,
        email_confirmed=clinic.email_confirmed,
        clinic_eoi=clinic.clinic_eoi,
        is_active_clinic=clinic.state == Clinic.State.APPROVED,
    )


def phone_text(page: ClinicPage) -> str:
    """The number as it is read aloud: ``+358 9 1234567``."""
    return page.phone.as_international if page.phone else ""


def logo_path(page: ClinicPage) -> str:
    """The stored file of the logo's rendition; the rendition of a replaced picture is another file."""
    if page.logo is None:
        return ""
    try:
        return str(page.logo.get_rendition(LOGO_FILTER).file.name)
    except (SourceImageIOError, InvalidFilterSpecError):
        return ""


def public_url(path: str) -> str | None:
    """The absolute address of a stored public file."""
    if not path:
        return None
    url = default_storage.url(path)
    return url if url.startswith("http") else f"{settings.ENVIRONMENT.public_url}{url}"


def draft_url(path: str) -> str | None:
    """The absolute address of a stored file for whoever may read the draft; it ends, as nobody may have reviewed the file."""
    return signed_url(path) if path else None


def search_text_of(card: ClinicCard) -> str:
    """What a free text search looks at, folded: names and places, and the specializations in each of our languages."""
    labels = specializations.all_labels(card.specialization_codes)
    return fold(" ".join([card.name, card.address, card.zip_code, card.city, card.vet_name, card.other_specializations, *labels]))


def _given(words: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in words.items() if text}


def _degrees(value: Decimal | float | None) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(Decimal("0.000001"))
