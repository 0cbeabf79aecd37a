"""What the clinic pages of the web show: listings to the public, the draft itself in a preview."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django import template
from django.core.paginator import Page as Batch
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from wagtail.models import Page

from clinics import selectors, structured_data
from clinics.cards import ClinicCard
from clinics.models import ClinicIndexPage, ClinicListing, ClinicPage
from clinics.opening import clock_at
from clinics.places import zone_info
from fammo.common import languages

register = template.Library()
ENTRIES = 60
NATIVE_NAMES = {language.code: language.native_name for language in languages.LANGUAGES}


@dataclass(frozen=True)
class PageCard:
    """A card and whether it is a draft that only an editor sees."""

    card: ClinicCard
    is_draft: bool

    def __getattr__(self, name: str) -> Any:
        return getattr(self.card, name)

    @property
    def coming_days(self) -> list[Any]:
        """Exceptions to the opening hours, without those that are over."""
        today = clock_at(timezone.now(), zone_info(self.card.time_zone)).today
        return [day for day in self.card.special_days if day.on >= today]


class Translated(NamedTuple):
    """The same page in one language."""

    code: str
    native_name: str
    url: str
    is_this: bool


@register.simple_tag
def clinic_card(page: ClinicPage, request: HttpRequest) -> PageCard:
    """The card that this page shows to this request; read once, though every block of the template asks."""
    if not hasattr(page, "_shown_card"):
        page._shown_card = _card_of(page, is_draft=getattr(request, "is_preview", False))
    card: PageCard = page._shown_card
    return card


def _card_of(page: ClinicPage, *, is_draft: bool) -> PageCard:
    clinic = selectors.clinic_of_page(page)
    card = selectors.preview_card(clinic, page) if is_draft else selectors.public_card(clinic.pk, page.locale.language_code)
    return PageCard(card.seen_at(timezone.now()), is_draft=is_draft)


@register.simple_tag
def clinic_json_ld(page: ClinicPage, card: PageCard) -> SafeString:
    """The content of the page's JSON-LD."""
    current = replace(card.card, special_days=tuple(card.coming_days))
    return structured_data.as_script_content(structured_data.veterinary_care(current, page.get_full_url() or ""))


@register.simple_tag
def languages_of(page: Page) -> list[Translated]:
    """Where the page can be read in which language, itself included; the source's language first."""
    versions = page.get_translations(inclusive=True).live().select_related("locale").order_by("pk")
    return [
        Translated(
            version.locale.language_code, NATIVE_NAMES[version.locale.language_code], version.get_full_url() or "", version.pk == page.pk
        )
        for version in versions
    ]


@register.simple_tag
def clinic_entries(index: ClinicIndexPage, request: HttpRequest) -> Batch[Any]:
    """One batch of the listed clinics that have a page below this directory: name, place, address and link."""
    pages = index.get_children().live().values("translation_key")
    rows = ClinicListing.objects.filter(clinic__page__translation_key__in=pages).order_by("name", "clinic_id")
    batch = Paginator(rows.values("name", "address", "city", "slug"), ENTRIES).get_page(request.GET.get("page"))
    base = index.get_url() or ""
    entries: list[Any] = [{**row, "url": f"{base}{row['slug']}/"} for row in batch.object_list]
    batch.object_list = entries
    return batch
