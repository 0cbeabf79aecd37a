"""Writing a clinic's page: what every door (registration, profile, hours, vet profile, logo, import) does with its input."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from anyascii import anyascii
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import to_python
from phonenumbers import region_code_for_number
from wagtail.models import Page, Revision

from clinics import dates, hours, places, specializations
from clinics.models import Clinic, ClinicPage
from fammo.common.errors import InvalidInput

if TYPE_CHECKING:
    from wagtail.images.models import Image

    from fammo.accounts.models import User

DEFAULT_COUNTRY = "FI"
SIX_PLACES = Decimal("0.000001")


class VetProfileChanges(TypedDict, total=False):
    """What may be written about who treats the animals."""

    bio: str
    vet_name: str
    degrees: str
    certifications: str


class ClinicChanges(VetProfileChanges, total=False):
    """What may be written about a clinic; absent means "leave it". ``specializations`` takes codes or a comma separated text."""

    name: str
    slug: str
    address: str
    zip_code: str
    city: str
    country: str
    latitude: Decimal | float | str | None
    longitude: Decimal | float | str | None
    phone: str
    email: str
    website: str
    instagram: str
    specializations: list[str] | str
    hours_note: str
    week: hours.Week
    special_days: tuple[hours.SpecialDay, ...]
    closed_on_holidays: bool
    logo: Image | None


def apply_changes(page: ClinicPage, changes: ClinicChanges) -> None:
    """Set what was given on the page object; nothing is saved. Raises InvalidInput for what no field can check."""
    for name, value in changes.items():
        _SETTERS.get(name, _set_plain)(page, name, value)
    phone = changes.get("phone")
    page.country = page.country or _infer_country(page, phone or "")
    if phone is not None:
        page.phone = _parse_phone(phone, page.country)


def keep_draft(page: ClinicPage, *, actor: User | None) -> Revision:
    """Save the page object as a new revision; the table keeps a draft only while nothing of the page is public."""
    revision = page.save_revision(user=actor, log_action=True)
    if not page.live:
        page.save(clean=False)
    return revision


def latest_draft(clinic: Clinic) -> ClinicPage:
    """The newest revision of the clinic's page as an object, its row locked against other writers."""
    Page.objects.select_for_update().get(pk=clinic.page_id)
    page: ClinicPage = ClinicPage.objects.get(pk=clinic.page_id).get_latest_revision_as_object()
    return page


def free_slug(name: str) -> str:
    """An ASCII slug that no clinic in any language has: apps may show it without its language."""
    base = slugify(anyascii(name))[:240] or "clinic"
    taken = set(ClinicPage.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


def _set_plain(page: ClinicPage, name: str, value: Any) -> None:
    setattr(page, name, value)


def _set_name(page: ClinicPage, _name: str, value: str) -> None:
    page.title = page.draft_title = value


def _set_degrees(page: ClinicPage, name: str, value: Decimal | float | str | None) -> None:
    setattr(page, name, None if value is None else Decimal(str(value)).quantize(SIX_PLACES))


def _set_specializations(page: ClinicPage, _name: str, value: list[str] | str) -> None:
    if isinstance(value, str):
        page.specializations, page.other_specializations = specializations.parse(value)
        return
    if unknown := specializations.unknown(value):
        raise InvalidInput(fields={"specializations": [_("Unknown specialization: %(code)s.") % {"code": unknown[0]}]})
    page.specializations = specializations.in_order(value)


def _set_week(page: ClinicPage, _name: str, week: hours.Week) -> None:
    day = hours.overlapping_day(week)
    if day is not None:
        raise InvalidInput(fields={"working_hours": [_("The opening hours on %(day)s overlap.") % {"day": hours.day_name(day)}]})
    page.set_week(hours.make_week(week))


def _set_special_days(page: ClinicPage, _name: str, special: tuple[hours.SpecialDay, ...]) -> None:
    on = hours.overlapping_date(special)
    if on is not None:
        raise InvalidInput(fields={"special_hours": [_("The opening hours on %(day)s overlap.") % {"day": date_format(on)}]})
    if (day := dates.out_of_range(special)) is not None:
        raise InvalidInput(fields={"special_hours": [dates.refusal_of(day)]})
    page.set_special_days(special)


def _keep_for_later(page: ClinicPage, _name: str, _value: Any) -> None:
    """The phone is read when the country is known."""


_SETTERS: Mapping[str, Any] = {
    "name": _set_name,
    "latitude": _set_degrees,
    "longitude": _set_degrees,
    "specializations": _set_specializations,
    "week": _set_week,
    "special_days": _set_special_days,
    "phone": _keep_for_later,
}


def _parse_phone(text: str, country: str) -> Any:
    if not text.strip():
        return ""
    number = to_python(text, region=country)
    if not number.is_valid():
        raise InvalidInput(fields={"phone": [_("Please enter a phone number, for example +358 9 1234567.")]})
    return number


def _infer_country(page: ClinicPage, phone: str) -> str:
    """The documented registration names no country: the coordinates tell, else the phone's prefix."""
    if page.latitude is not None and page.longitude is not None and (country := places.country_at(page.latitude, page.longitude)):
        return country
    number = to_python(phone) if phone.strip() else None
    return (number and number.is_valid() and region_code_for_number(number)) or DEFAULT_COUNTRY
