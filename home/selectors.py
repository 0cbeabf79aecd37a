"""What the apps read from the editorial side: slides and configuration."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, TypedDict
from uuid import UUID

from django.conf import settings
from django.templatetags.static import static
from wagtail.images.models import AbstractImage, Image

from fammo.common import languages

from .models import AppConfiguration, OnboardingSlidePage

SLIDE_IMAGE = "fill-720x720|format-png"
BRAND_IMAGE = "max-1024x1024|format-png"


class Slide(TypedDict):
    """One onboarding slide in one language; ``id`` names the slide in every language, ``icon_url`` is absolute."""

    id: int
    order: int
    title: str
    description: str
    button_text: str
    icon_url: str
    language: str


class AppConfig(TypedDict):
    """``base_url`` is scheme and host without a path; the assets are absolute URLs."""

    base_url: str
    static_url: str
    media_url: str
    assets: dict[str, str]
    support_email: str
    api_version: str


def onboarding_slides(*, language: str) -> list[Slide]:
    """Published slides in their order: words in ``language`` where there are any, else as first written; facts from the source page."""
    groups: dict[UUID, list[OnboardingSlidePage]] = defaultdict(list)
    for page in OnboardingSlidePage.objects.live().select_related("locale").order_by("pk"):
        groups[page.translation_key].append(page)
    pictures = _pictures({pages[0].image_id for pages in groups.values()})
    slides = [_slide(pages, language, pictures) for pages in groups.values()]
    return sorted(slides, key=lambda slide: (slide["order"], slide["id"]))


def app_configuration() -> AppConfig:
    """Addresses and pictures that the apps need before anything else."""
    configuration = AppConfiguration.load()
    origin = settings.ENVIRONMENT.public_url
    return {
        "base_url": origin,
        "static_url": absolute(settings.STATIC_URL),
        "media_url": absolute(settings.MEDIA_URL),
        "assets": {
            "logo": _brand(configuration.logo, "logo.png"),
            "favicon": _brand(None, "favicon.png"),
            "placeholder_pet": _brand(configuration.placeholder_pet, "placeholder_pet.png"),
        },
        "support_email": configuration.support_email,
        "api_version": "v1",
    }


def absolute(url: str) -> str:
    """A URL of ours (or of the object storage) with scheme and host, whatever host the request came to."""
    return url if "://" in url else f"{settings.ENVIRONMENT.public_url}{url}"


def _slide(pages: list[OnboardingSlidePage], language: str, pictures: dict[int, str]) -> Slide:
    source = pages[0]
    by_language = {page.locale.language_code: page for page in pages}
    words = by_language.get(language) or by_language.get(languages.DEFAULT_CODE) or source
    return {
        "id": source.pk,
        "order": source.order,
        "title": words.title,
        "description": words.description,
        "button_text": words.button_text,
        "icon_url": pictures.get(source.image_id) or _brand(None, "placeholder_pet.png"),
        "language": words.locale.language_code,
    }


def _pictures(image_ids: set[Any]) -> dict[int, str]:
    images = Image.objects.filter(pk__in=image_ids - {None}).prefetch_renditions(SLIDE_IMAGE)
    return {image.pk: absolute(image.get_rendition(SLIDE_IMAGE).url) for image in images}


def _brand(image: AbstractImage | None, shipped: str) -> str:
    return absolute(image.get_rendition(BRAND_IMAGE).url if image else static(f"home/brand/{shipped}"))
