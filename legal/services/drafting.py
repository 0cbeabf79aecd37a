"""Drafts and their translations by services: for imports, demo content and tests, through the same door as editors."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Locale, Revision
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from legal.errors import TranslationDiffers
from legal.models import LegalIndexPage, LegalPage

if TYPE_CHECKING:
    from fammo.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class TextDraft:
    """The words of a legal text in one language."""

    title: str
    summary: str
    body: str
    change_note: str


@transaction.atomic
def draft_document(
    *,
    index: LegalIndexPage,
    document_type: str,
    version: str,
    effective_on: datetime.date,
    text: TextDraft,
    actor: User | None,
    requires_acceptance: bool = True,
    change_class: str = "material",
) -> LegalPage:
    """Write a draft of this document under the index page, in that page's language; its page is made if it is new. Nothing is published."""
    page = LegalPage.objects.child_of(index).filter(document_type=document_type).first()
    if page is None:
        page = LegalPage(document_type=document_type, slug=slugify(document_type.replace("_", "-")), live=False, owner=actor)
    else:
        page = page.get_latest_revision_as_object()
    page.version, page.effective_on = version, effective_on
    page.requires_acceptance, page.change_class = requires_acceptance, change_class
    _write(page, text)
    if page.pk is None:
        index.add_child(instance=page)
    page.save_revision(user=actor)
    return page


@transaction.atomic
def draft_translation(*, page: LegalPage, language: str, text: TextDraft, actor: User | None) -> LegalPage:
    """Translate the page's newest draft, segment by segment, so that translators can go on from there in the side-by-side editor.

    Raises TranslationDiffers when the translation is not built like the source (another number of headings, items, links …).
    """
    locale = Locale.objects.get(language_code=language)
    draft: LegalPage = page.get_latest_revision_as_object()
    source, _changed = TranslationSource.update_or_create_from_instance(draft)
    translation, _created = Translation.objects.get_or_create(source=source, target_locale=locale)
    target: LegalPage = page.get_latest_revision_as_object()
    _write(target, text)
    theirs = [segment for segment in extract_segments(target) if isinstance(segment, StringSegmentValue) and segment.string.data]
    ours = list(StringSegment.objects.filter(source=source).select_related("context").order_by("pk"))
    paths = {segment.path for segment in theirs}
    for path in paths | {segment.context.path for segment in ours}:
        _translate_field(
            sorted((segment for segment in ours if segment.context.path == path), key=lambda segment: segment.order),
            sorted((segment for segment in theirs if segment.path == path), key=lambda segment: segment.order),
            locale=locale,
            actor=actor,
        )
    translation.save_target(user=actor, publish=False)
    return LegalPage.objects.get(translation_key=page.translation_key, locale=locale)


@transaction.atomic
def offer_for_translation(*, revision: Revision) -> None:
    """Show translators the text of this revision, where a translation of the page has been started."""
    source = TranslationSource.objects.filter(object_id=revision.content["translation_key"], locale_id=revision.content["locale"]).first()
    if source is not None:
        TranslationSource.update_or_create_from_instance(revision.as_object())


def _write(page: LegalPage, text: TextDraft) -> None:
    page.title = page.draft_title = text.title
    page.summary, page.body, page.change_note = text.summary, text.body, text.change_note


def _translate_field(ours: list[StringSegment], theirs: list[StringSegmentValue], *, locale: Locale, actor: User | None) -> None:
    if len(ours) != len(theirs):
        raise TranslationDiffers
    for segment, translated in zip(ours, theirs, strict=True):
        StringTranslation.objects.update_or_create(
            translation_of_id=segment.string_id,
            locale=locale,
            context_id=segment.context_id,
            defaults={
                "data": translated.string.data,
                "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                "tool_name": "",
                "last_translated_by": actor,
                "has_error": False,
                "field_error": "",
            },
        )
