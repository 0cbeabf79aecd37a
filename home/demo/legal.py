"""The five legal documents: written by the editor, translated by the translator, approved by the administrator."""

from __future__ import annotations

import datetime
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fammo.cms.workflow import submit_for_approval
from fammo.common.languages import CODES, DEFAULT_CODE
from legal.models import LegalIndexPage, LegalPage, LegalVersion
from legal.services import TextDraft, draft_document, draft_translation

from . import people
from .objects import DemoObject

if TYPE_CHECKING:
    from fammo.accounts.models import User

FOLDER = Path(__file__).parent / "legal"


def demo_objects() -> list[DemoObject]:
    documents: dict[str, dict[str, Any]] = json.loads((FOLDER / "documents.json").read_text(encoding="utf-8"))
    return [DemoObject(f"legal:{document_type}", partial(_make, document_type, facts)) for document_type, facts in documents.items()]


def _make(document_type: str, facts: dict[str, Any]) -> None:
    editor, translator, approver = (people.find(email) for email in (people.EDITOR, people.TRANSLATOR, people.ADMIN))
    if LegalPage.objects.filter(document_type=document_type).exists():
        return
    page = draft_document(
        index=LegalIndexPage.objects.get(locale__language_code=DEFAULT_CODE),
        document_type=document_type,
        version=facts["version"],
        effective_on=datetime.date.fromisoformat(facts["effective_on"]),
        text=_text(document_type, facts, DEFAULT_CODE),
        actor=editor,
        requires_acceptance=facts["requires_acceptance"],
        change_class=LegalVersion.ChangeClass.MATERIAL if facts["material"] else LegalVersion.ChangeClass.EDITORIAL,
    )
    for language in CODES:
        if language != DEFAULT_CODE:
            draft_translation(page=page, language=language, text=_text(document_type, facts, language), actor=translator)
    _approve(page, submitter=editor, approver=approver)


def _text(document_type: str, facts: dict[str, Any], language: str) -> TextDraft:
    return TextDraft(
        title=facts["title"][language],
        summary=facts["summary"][language],
        body=(FOLDER / f"{document_type}.{language}.html").read_text(encoding="utf-8"),
        change_note=facts["change_note"][language],
    )


def _approve(page: LegalPage, *, submitter: User, approver: User) -> None:
    """Approving the source publishes it and every complete translation, and freezes the version."""
    review = submit_for_approval(page, user=submitter).current_task_state
    review.task.specific.on_action(review, approver, "approve")
