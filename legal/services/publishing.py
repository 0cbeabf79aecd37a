"""From an approved page to a version that binds (design D5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.models import Page, Revision
from wagtail_localize.models import MissingTranslationError, TranslationSource

from fammo.cms.workflow import submit_for_approval
from legal import translations
from legal.errors import (
    ChangeIsMaterial,
    IncompleteText,
    IncompleteTranslation,
    NewerDraft,
    NothingToSend,
    VersionAlreadyPublished,
)
from legal.models import ConsentHead, LegalPage, LegalText, LegalVersion

if TYPE_CHECKING:
    from fammo.accounts.models import User


@transaction.atomic
def publish_legal_version(*, revision: Revision, actor: User | None) -> LegalVersion | None:
    """Freeze the approved revision of a source page, and every language that is completely translated, in one transaction.

    Publishing the same text under the same version again adds the languages that have been completed since and touches no other.
    The page of a translation never makes a version: see ``add_missing_translation``. Raises VersionAlreadyPublished for another
    text under a used version, IncompleteText when the source lacks a part.
    """
    page = LegalPage.objects.get(pk=revision.object_id)
    source = page.source()
    # Approvals of one document queue here, so the second sees the first one's version.
    Page.objects.select_for_update().get(pk=source.pk)
    if page != source:
        return add_missing_translation(revision=revision)
    approved: LegalPage = revision.as_object()
    version = _version_of(approved.frozen_text(), revision=revision, actor=actor)
    for translation in translations.pages_to_publish(approved, version):
        _publish_translation(translation, approved, version, actor=actor)
    return version


@transaction.atomic
def send_translation_for_approval(*, page: LegalPage, actor: User) -> None:
    """Submit the published source text again, so that its approval adds this finished translation and touches no other language.

    Raises NothingToSend when there is nothing to add, NewerDraft while the source has unpublished changes.
    """
    source = page.source()
    Page.objects.select_for_update().get(pk=source.pk)
    if not page.is_late_translation():
        raise NothingToSend
    if source.latest_revision_id != source.live_revision_id:
        raise NewerDraft
    submit_for_approval(source, user=actor)


@transaction.atomic
def add_missing_translation(*, revision: Revision) -> LegalVersion | None:
    """Freeze an approved translation into the version that was published without it; no other language is touched.

    None when its version is not published yet: it will be frozen together with its source. Raises VersionAlreadyPublished when
    the version has another text in this language, IncompleteTranslation when the translation does not say all that the source says.
    """
    translated: LegalPage = revision.as_object()
    text = translated.frozen_text()
    version = LegalVersion.objects.filter(document_type=text.version.document_type, version=text.version.version).first()
    if version is None:
        return None
    frozen = version.texts.filter(language=text.language).first()
    if frozen is None:
        if not (translations.has_facts_of(version, text) and translations.is_complete(text) and _says_all_of(version, translated)):
            raise IncompleteTranslation
        _freeze(text, version)
    elif frozen.sha256 != text.sha256:
        raise VersionAlreadyPublished
    return version


def _version_of(text: LegalText, *, revision: Revision, actor: User | None) -> LegalVersion:
    """The version that holds this source text: the one already published, or a new one with the text frozen into it."""
    if not (translations.is_complete(text) and text.version.version and text.version.effective_on):
        raise IncompleteText
    published = LegalVersion.objects.filter(document_type=text.version.document_type, version=text.version.version).first()
    if published is None:
        text.version.source_revision_id = revision.pk
        text.version.published_by = actor
        text.version.full_clean()
        text.version.save()
        _freeze(text, text.version)
        return text.version
    if not published.texts.filter(language=text.language, sha256=text.sha256).exists():
        raise VersionAlreadyPublished
    return published


def _publish_translation(page: LegalPage, approved: LegalPage, version: LegalVersion, *, actor: User | None) -> None:
    revision = _complete_revision(page, approved, actor=actor)
    if revision is None:
        return
    _freeze(revision.as_object().frozen_text(), version)
    revision.publish(user=actor, skip_permission_checks=True)


def _complete_revision(page: LegalPage, approved: LegalPage, *, actor: User | None) -> Revision | None:
    """The page's revision that says in its language all that the approved text says; None while anything is untranslated."""
    if translations.side_by_side(page) is None:
        return translations.complete_manual_revision(page, approved)
    source, _changed = TranslationSource.update_or_create_from_instance(approved)
    try:
        translated, _created = source.create_or_update_translation(page.locale, user=actor, publish=False)
    except MissingTranslationError:
        return None
    return translated.get_latest_revision()


def _says_all_of(version: LegalVersion, translated: LegalPage) -> bool:
    """Is every segment of the published source text translated? A page translated in the ordinary editor is its approver's to judge."""
    translation = translations.side_by_side(translated)
    if translation is None:
        return True
    translated_from = translation.source.as_instance().frozen_text()
    total, done = translation.get_progress()
    return total == done and version.texts.filter(language=translated_from.language, sha256=translated_from.sha256).exists()


def _freeze(text: LegalText, version: LegalVersion) -> None:
    if version.change_class == LegalVersion.ChangeClass.EDITORIAL and (touched := text.touched_terms()):
        raise ChangeIsMaterial(language=text.language, touched=touched)
    ConsentHead.locked()  # texts are numbered in the order in which they are committed, as signed heads count on
    text.version = version
    text.full_clean()
    text.save()
