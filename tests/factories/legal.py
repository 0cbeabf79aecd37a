"""Legal pages, published versions and the people who deal with them."""

from __future__ import annotations

import datetime
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.models import Locale

from fammo.accounts.models import User
from fammo.cms.workflow import submit_for_approval
from legal import services
from legal.models import LegalIndexPage, LegalPage, LegalVersion

_numbers = count(1)
LONG_AGO = datetime.date(2026, 1, 1)


def legal_person(name: str = "person", *, groups: tuple[str, ...] = (), **fields: Any) -> User:
    """Somebody with a confirmed address, in these groups."""
    user: User = get_user_model().objects.create_user(
        f"{name}-{next(_numbers)}@fammo.example", "a-long-secret-41", is_active=True, **fields
    )
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def legal_index(language: str = "en") -> LegalIndexPage:
    index: LegalIndexPage = LegalIndexPage.objects.get(locale=Locale.objects.get(language_code=language))
    return index


def words(tag: str = "") -> services.TextDraft:
    """A small text; ``tag`` marks the language or the edition, the structure is always the same."""
    return services.TextDraft(
        title=f"Terms {tag}".strip(),
        summary=f"What you may expect {tag}".strip(),
        body=f"<h2>Account {tag}</h2><p>Keep it <b>safe</b> {tag}. See <a href='https://fammo.example/help'>help {tag}</a>.</p>"
        f"<ul><li>One {tag}</li></ul>",
        change_note=f"First version {tag}".strip(),
    )


def legal_draft(
    *,
    document_type: str = "user_terms",
    version: str = "1.0",
    effective_on: datetime.date = LONG_AGO,
    actor: User | None = None,
    text: services.TextDraft | None = None,
    languages: tuple[str, ...] = (),
    **facts: Any,
) -> LegalPage:
    """An English draft, translated completely into ``languages``."""
    page = services.draft_document(
        index=legal_index(),
        document_type=document_type,
        version=version,
        effective_on=effective_on,
        text=text or words(f"en {version}"),
        actor=actor,
        **facts,
    )
    for language in languages:
        services.draft_translation(page=page, language=language, text=words(f"{language} {version}"), actor=actor)
    return page


def legal_version(*, document_type: str = "user_terms", version: str = "1.0", **kwargs: Any) -> LegalVersion:
    """A published version, through the same door as an approval."""
    page = legal_draft(document_type=document_type, version=version, **kwargs)
    page.get_latest_revision().publish(user=kwargs.get("actor"), skip_permission_checks=True)
    return LegalVersion.objects.get(document_type=document_type, version=version)


def submitted(page: LegalPage, *, user: User) -> Any:
    """The review that begins when this person submits the page."""
    return submit_for_approval(page, user=user).current_task_state.specific
