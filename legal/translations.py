"""The other languages of a legal document: what approving its source text would freeze in them, and who wrote that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from wagtail.models import Revision
from wagtail_localize.models import (
    MissingTranslationError,
    SegmentOverride,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

if TYPE_CHECKING:
    from fammo.accounts.models import User

    from .models import LegalPage, LegalText, LegalVersion


def pages_to_publish(approved: LegalPage, published: LegalVersion | None) -> QuerySet[LegalPage]:
    """The translations that could join this version: those of the source page whose language is not frozen in it yet."""
    pages = type(approved).objects.filter(translation_key=approved.translation_key, alias_of=None).exclude(pk=approved.pk)
    if published is not None:
        pages = pages.exclude(locale__language_code__in=published.texts.values("language"))
    return pages.select_related("locale")


def side_by_side(page: LegalPage) -> Translation | None:
    """The record by which wagtail-localize translates this page segment by segment; None for pages edited like any other."""
    return Translation.objects.filter(source__object_id=page.translation_key, target_locale=page.locale, enabled=True).first()


def text_to_freeze(page: LegalPage, approved: LegalPage) -> LegalText | None:
    """What this page says in its language once ``approved`` is published; None while it is not complete."""
    if side_by_side(page) is None:
        revision = complete_manual_revision(page, approved)
        return revision.as_object().frozen_text() if revision else None
    source, _changed = TranslationSource.update_or_create_from_instance(approved)
    try:
        translated: LegalPage = source.get_ephemeral_translated_instance(page.locale)
    except MissingTranslationError:
        return None
    return translated.frozen_text()


def complete_manual_revision(page: LegalPage, approved: LegalPage) -> Revision | None:
    """A page that is translated in the ordinary editor is complete when it carries the approved version's facts and has no gap."""
    revision = page.get_latest_revision()
    if revision is None:
        return None
    text = revision.as_object().frozen_text()
    return revision if has_facts_of(approved.frozen_text().version, text) and is_complete(text) else None


def is_author(page: LegalPage, user: User, *, last_text: LegalText | None) -> bool:
    """Did this person write any of what the page's language gained since it was last published (``last_text``)?"""
    revisions = Revision.objects.for_instance(page).filter(user_id=user.pk)
    if page.live_revision_id:
        revisions = revisions.filter(pk__gt=page.live_revision_id)
    if revisions.exists():
        return True
    written = Q(locale=page.locale, context__object_id=page.translation_key, last_translated_by=user.pk)
    if last_text is not None:
        written &= Q(updated_at__gt=last_text.created_at)
    strings = StringSegment.objects.filter(source__object_id=page.translation_key).values("string_id")
    translations = StringTranslation.objects.filter(written, translation_of_id__in=strings)
    return translations.exists() or SegmentOverride.objects.filter(written).exists()


def has_facts_of(version: LegalVersion, text: LegalText) -> bool:
    facts = ("document_type", "version", "effective_on", "requires_acceptance", "change_class")
    return all(getattr(text.version, fact) == getattr(version, fact) for fact in facts)


def is_complete(text: LegalText) -> bool:
    return all((text.title, text.summary, text.content, text.change_note))
