"""A review covers every language that its approval would publish: their words, and their authors."""

from __future__ import annotations

import datetime

import pytest
from wagtail.models import Page, Revision, TaskState
from wagtail_localize.models import StringTranslation

from fammo.accounts.models import User
from fammo.cms.errors import OwnWork, StaleReview
from legal import services
from legal.errors import EffectiveInThePast
from legal.models import LegalApprovalTask, LegalPage, LegalText, LegalVersion, ReviewedTexts
from legal.querysets import today
from tests.factories.legal import legal_draft, legal_index, legal_person, legal_version, submitted, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def translator() -> User:
    return legal_person("translator", groups=("Legal editors", "Translators"), is_staff=True)


def approve(review: TaskState, user: User) -> None:
    review.task.specific.on_action(review, user, "approve")


def current_review(page: Page) -> TaskState:
    return LegalPage.objects.get(pk=page.pk).current_workflow_task_state.specific


def retranslate(language: str, *, by: User, data: str = "Jotain muuta") -> None:
    """One sentence, as the side-by-side editor saves it: no revision is made."""
    sentence = StringTranslation.objects.filter(locale__language_code=language, context__path="summary").get()
    sentence.data, sentence.last_translated_by = data, by
    sentence.save()


def test_translation_changed_during_the_review_is_refused_and_shown_first(author: User, approver: User, translator: User) -> None:
    page = legal_draft(actor=author, languages=("fi", "nl"))
    review = submitted(page, user=author)
    retranslate("fi", by=translator)

    with pytest.raises(StaleReview):
        approve(review, approver)

    assert not LegalVersion.objects.exists()
    again = current_review(page)
    assert again.pk != review.pk
    with pytest.raises(StaleReview):
        approve(review, approver)
    approve(again, approver)
    assert LegalText.objects.get(language="fi").summary == "Jotain muuta"


def test_language_completed_during_the_review_is_refused_too(author: User, approver: User, translator: User) -> None:
    page = legal_draft(actor=author, languages=("fi",))
    review = submitted(page, user=author)
    services.draft_translation(page=page, language="nl", text=words("nl 1.0"), actor=translator)

    with pytest.raises(StaleReview):
        approve(review, approver)

    assert set(ReviewedTexts.of(current_review(page))) == {"fi", "nl"}


def test_page_translated_in_the_ordinary_editor_is_covered_too(author: User, approver: User, translator: User) -> None:
    page = legal_draft(actor=author)
    finnish = page.copy_for_translation(legal_index("fi").locale)
    finnish.save_revision()
    review = submitted(page, user=author)
    finnish.body = "<p>Muuta</p>"
    finnish.save_revision(user=translator)

    with pytest.raises(StaleReview):
        approve(review, approver)
    with pytest.raises(OwnWork):
        approve(current_review(page), translator)

    assert not LegalVersion.objects.exists()


def test_translation_that_slips_in_behind_the_comparison_publishes_nothing(
    author: User, approver: User, translator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = legal_draft(actor=author, languages=("fi",))
    review = submitted(page, user=author)
    real = Revision.publish

    def publish_after_the_translator(revision: Revision, *args: object, **kwargs: object) -> None:
        monkeypatch.setattr(Revision, "publish", real)
        retranslate("fi", by=translator)
        real(revision, *args, **kwargs)

    monkeypatch.setattr(Revision, "publish", publish_after_the_translator)
    with pytest.raises(StaleReview):
        approve(review, approver)

    assert not LegalVersion.objects.exists()
    assert not LegalPage.objects.filter(live=True).exists()


@pytest.mark.parametrize("is_superuser", [False, True])
def test_translator_cannot_approve(author: User, translator: User, is_superuser: bool) -> None:
    User.objects.filter(pk=translator.pk).update(is_superuser=is_superuser)
    page = legal_draft(actor=author, languages=("fi",))
    retranslate("fi", by=translator)
    review = submitted(page, user=author)

    with pytest.raises(OwnWork):
        approve(review, translator)

    assert "approve" not in [action[0] for action in review.task.specific.get_actions(page, translator)]
    assert not LegalVersion.objects.exists()


def test_translator_of_the_last_version_may_approve_the_next(author: User, translator: User) -> None:
    page = legal_draft(actor=author, languages=("fi",))
    retranslate("fi", by=translator)
    page.get_latest_revision().publish()
    review = submitted(legal_draft(version="2.0", actor=author, effective_on=today()), user=author)

    approve(review, translator)

    assert LegalVersion.objects.filter(version="2.0").exists()


def test_changed_translation_can_still_be_sent_back(author: User, approver: User, translator: User) -> None:
    page = legal_draft(actor=author, languages=("fi",))
    review = submitted(page, user=author)
    retranslate("fi", by=translator)

    review.task.specific.on_action(review, approver, "reject")

    review.refresh_from_db()
    assert review.status == TaskState.STATUS_REJECTED


def test_review_from_before_the_digests_were_kept_begins_anew(author: User, approver: User) -> None:
    page = legal_draft(actor=author, languages=("fi",))
    review = submitted(page, user=author)
    ReviewedTexts.objects.all().delete()

    with pytest.raises(StaleReview):
        approve(review, approver)

    approve(current_review(page), approver)
    assert LegalVersion.objects.exists()


def test_approval_cannot_come_after_the_day_of_taking_effect(author: User, approver: User) -> None:
    legal_version()
    yesterday = today() - datetime.timedelta(days=1)
    review = submitted(legal_draft(version="2.0", actor=author, effective_on=yesterday), user=author)

    with pytest.raises(EffectiveInThePast):
        approve(review, approver)

    assert not LegalVersion.objects.filter(version="2.0").exists()


def test_reviewed_texts_name_their_languages(author: User) -> None:
    review = submitted(legal_draft(actor=author, languages=("nl", "fi")), user=author)

    assert str(ReviewedTexts.objects.get(review_id=review.pk)) == "fi, nl"
    assert isinstance(review.task.specific, LegalApprovalTask)
