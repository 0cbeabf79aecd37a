"""Whatever is edited and published in whatever order: one language never changes another's bytes or state."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable

import pytest

from fammo.common.errors import DomainError
from legal import services
from legal.models import LegalPage, LegalText
from tests.factories.legal import legal_draft, words

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "fi", "nl", "tr")
STEPS = 14

State = dict[str, list[object]]


def state() -> State:
    """Per language: every frozen row, and what of the page is public."""
    found: State = {language: [] for language in LANGUAGES}
    for row in LegalText.objects.order_by("pk").values():
        found[row["language"]].append(tuple(row.items()))
    for page in LegalPage.objects.filter(live=True).select_related("locale"):
        public = (page.live_revision_id, page.title, page.summary, page.body, page.change_note, page.version)
        found[page.locale.language_code].append(public)
    return found


class Story:
    """One random sequence of what editors, translators and approvers do to one document."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.page = legal_draft(change_class="material")
        self.edition = 0

    def step(self) -> None:
        before = state()
        act: Callable[[], set[str]] = self.chance.choice([self.edit, self.translate, self.translate, self.publish, self.publish_one])
        may_change = act()
        after = state()
        for language in LANGUAGES:
            frozen = [row for row in before[language] if isinstance(row, tuple) and isinstance(row[0], tuple)]
            assert [row for row in frozen if row not in after[language]] == [], f"{act.__name__} changed what is frozen in {language}"
            if language not in may_change:
                assert after[language] == before[language], f"{act.__name__} changed {language}"

    def edit(self) -> set[str]:
        """A new draft of the source, under the same version or the next."""
        self.edition += 1
        version = self.chance.choice(["1.0", f"{1 + self.edition}.0"])
        self.page = legal_draft(version=version, text=words(f"en {self.edition}"))
        return set()

    def translate(self) -> set[str]:
        language = self.chance.choice(LANGUAGES[1:])
        services.draft_translation(page=self.page, language=language, text=words(f"{language} {self.edition}"), actor=None)
        return set()

    def publish(self) -> set[str]:
        """Approving the source may publish every language in which it is complete, and only those."""
        known = set(LegalText.objects.values_list("pk", flat=True))
        with contextlib.suppress(DomainError):
            self.page.get_latest_revision().publish(skip_permission_checks=True)
            self.page = LegalPage.objects.get(pk=self.page.pk)
        return {"en"} | set(LegalText.objects.exclude(pk__in=known).values_list("language", flat=True))

    def publish_one(self) -> set[str]:
        """One language alone: late, too early or for another version."""
        language = self.chance.choice(LANGUAGES[1:])
        page = LegalPage.objects.filter(translation_key=self.page.translation_key, locale__language_code=language, alias_of=None).first()
        with contextlib.suppress(DomainError):
            if page is not None:
                page.get_latest_revision().publish(skip_permission_checks=True)
        return {language}


@pytest.mark.parametrize("seed", range(6))
def test_one_language_never_changes_another(seed: int) -> None:
    story = Story(seed)

    for _ in range(STEPS):
        story.step()

    assert all(text.is_intact() for text in LegalText.objects.select_related("version"))
