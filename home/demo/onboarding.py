"""The onboarding slides: a picture of our own and words in every language, published by the editor."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.images import ImageFile
from wagtail.images.models import Image
from wagtail.models import Collection, Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.strings import StringValue

from fammo.common.languages import CODES, DEFAULT_CODE
from home.models import OnboardingIndexPage, OnboardingSlidePage

from . import people
from .objects import DemoObject

if TYPE_CHECKING:
    from fammo.accounts.models import User

FOLDER = Path(__file__).parent / "onboarding"
COLLECTION = "Onboarding"
WORDS = ("title", "description", "button_text")


def demo_objects() -> list[DemoObject]:
    slides: list[dict[str, Any]] = json.loads((FOLDER / "slides.json").read_text(encoding="utf-8"))
    return [DemoObject(f"slide:{slide['key']}", partial(_make, slide)) for slide in slides]


def _make(slide: dict[str, Any]) -> None:
    editor, translator = people.find(people.EDITOR), people.find(people.TRANSLATOR)
    index = OnboardingIndexPage.objects.get(locale__language_code=DEFAULT_CODE)
    if OnboardingSlidePage.objects.child_of(index).filter(slug=slide["key"]).exists():
        return
    words = {name: slide[name][DEFAULT_CODE] for name in WORDS}
    page = OnboardingSlidePage(slug=slide["key"], order=slide["order"], image=_picture(slide, editor), owner=editor, live=False, **words)
    index.add_child(instance=page)
    page.save_revision(user=editor, log_action=True).publish(user=editor)
    page.refresh_from_db()
    source, _created = TranslationSource.get_or_create_from_instance(page)
    for language in CODES:
        if language != DEFAULT_CODE:
            _translate(source, language, {name: slide[name][language] for name in WORDS}, translator=translator, publisher=editor)


def _picture(slide: dict[str, Any], editor: User) -> Image:
    with (FOLDER / slide["image"]).open("rb") as drawn:
        image = Image(
            title=slide["title"][DEFAULT_CODE],
            description=slide["alt"][DEFAULT_CODE],
            file=ImageFile(drawn, name=f"onboarding-{slide['key']}.png"),
            collection=_collection(),
            uploaded_by_user=editor,
        )
        image.save()
        image.get_file_hash()
    return image


def _collection() -> Collection:
    return Collection.objects.filter(name=COLLECTION).first() or Collection.get_first_root_node().add_child(name=COLLECTION)


def _translate(source: TranslationSource, language: str, words: dict[str, str], *, translator: User, publisher: User) -> None:
    """Fill in the side-by-side editor as the translator would, and publish what comes out of it."""
    locale = Locale.objects.get(language_code=language)
    translation, _created = Translation.objects.get_or_create(source=source, target_locale=locale)
    for segment in StringSegment.objects.filter(source=source, context__path__in=WORDS).select_related("context"):
        StringTranslation.objects.create(
            translation_of_id=segment.string_id,
            locale=locale,
            context=segment.context,
            data=StringValue.from_plaintext(words[segment.context.path]).data,
            translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
            last_translated_by=translator,
        )
    # Localize itself would publish after the commit, and a process that dies in between would leave a draft for good.
    translation.save_target(user=translator, publish=False)
    translation.get_target_instance().get_latest_revision().publish(user=publisher)
