"""Refusals of the legal app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from fammo.common import languages
from fammo.common.errors import Conflict, InvalidInput, NotFound

if TYPE_CHECKING:
    from legal.text.terms import TouchedTerm


class ImmutableRecord(Conflict):
    """Published legal texts and consent events are written once; nothing changes or removes them."""

    code = "immutable_record"
    message = _("This record is kept as proof: it can be neither changed nor deleted.")


class VersionAlreadyPublished(Conflict):
    """The version label is taken by a published text that says something else."""

    code = "version_already_published"
    message = _("A different text is already published under this version. Give the new text a new version.")


class IncompleteText(Conflict):
    """The source text lacks a part without which it cannot be published."""

    code = "incomplete_text"
    message = _("A legal text needs a title, a summary, a body, a version and a change note before it can be published.")


class EffectiveInThePast(Conflict):
    """A new version cannot take effect before people could know of it."""

    code = "effective_in_the_past"
    message = _("A new version cannot take effect in the past. Choose today or a later day.")


class ChangeIsMaterial(Conflict):
    """An editorial change touched a sentence on purposes, retention, recipients, fees or rights; the answer names them."""

    code = "change_is_material"

    def __init__(self, *, language: str, touched: Sequence[TouchedTerm]) -> None:
        first = touched[0]
        sentence = _("This change is material, not editorial: a sentence that speaks of “%(term)s” changed (%(language)s): “%(sentence)s”")
        words = {"term": first.term, "language": dict(languages.CHOICES)[language], "sentence": first.sentence}
        super().__init__(sentence % words, extra={"language": language, "sentences": [each.sentence for each in touched]})


class IncompleteTranslation(Conflict):
    """A translation does not say everything that the published source text says."""

    code = "incomplete_translation"
    message = _("This translation does not cover the whole published text yet.")


class NothingToSend(Conflict):
    """A translation is sent for approval when it is complete and its text was published without it."""

    code = "nothing_to_send"
    message = _("This translation is not complete, is published already, or waits for approval.")


class NewerDraft(Conflict):
    """Approving the source now would publish a draft that nobody submitted."""

    code = "newer_draft"
    message = _("The source text has changes that are not published. They have to be submitted first; this translation goes with them.")


class TranslationDiffers(Conflict):
    """A translation does not have the source text's structure, so it cannot be laid over it segment by segment."""

    code = "translation_differs"
    message = _("This translation does not have the same headings, paragraphs and lists as the source text.")


class DocumentNotFound(NotFound):
    """There is no such document, or none of that type is in force."""

    code = "document_not_found"
    message = _("There is no such legal document.")


class TextNotAvailable(NotFound):
    """The document exists, but not in the language that was asked for; the answer names those that there are."""

    code = "translation_not_available"
    message = _("This document is not available in your language yet.")

    def __init__(self, *, available_languages: Sequence[str]) -> None:
        super().__init__(extra={"available_languages": list(available_languages)})


class OutdatedVersion(Conflict):
    """Only the version in force can be accepted; the answer names it."""

    code = "outdated_version"
    message = _("This version is not in force. Please read and accept the current one.")

    def __init__(self, *, current_document: int | None) -> None:
        super().__init__(extra={"current_document": current_document})


class PurposeNotInDocument(InvalidInput):
    """Purposes are described by the privacy policy; a decision about one names a version of it."""

    code = "purpose_not_in_document"
    message = _("This document does not describe that purpose. Please name a version of the privacy policy.")


class NotForClinics(InvalidInput):
    """Clinics agree to the clinics' documents, people to theirs."""

    code = "not_for_clinics"
    message = _("This document is for people, not for clinics.")


class LedgerDiffers(Conflict):
    """The ledger in the database does not go on from what was signed: somebody changed it, or an old copy was restored."""

    code = "ledger_differs"
    message = _("The consent ledger is not what was signed. An operator has to run verify_consent_ledger.")


class ReceiptNotFound(NotFound):
    """There is no such event in the ledger, or it is somebody else's."""

    code = "receipt_not_found"
    message = _("There is no such receipt.")
