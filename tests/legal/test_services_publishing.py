"""From an approved page to frozen texts: which doors make a version, what each language gets, and what is refused."""

from __future__ import annotations

import datetime

import pytest
from django.test import TestCase
from wagtail.actions.publish_page_revision import PublishPagePermissionError, PublishPageRevisionAction
from wagtail.models import Locale, Revision
from wagtail_localize.models import StringTranslation, Translation
from wagtail_localize.operations import translate_object

from fammo.accounts.models import User
from fammo.cms.errors import OwnWork
from legal import services
from legal.errors import IncompleteTranslation, TranslationDiffers, VersionAlreadyPublished
from legal.models import LegalPage, LegalText, LegalVersion
from legal.querysets import today
from tests.factories.legal import legal_draft, legal_index, legal_person, legal_version, submitted, words

pytestmark = pytest.mark.django_db
ALL = ("fi", "nl", "tr")


def text_of(language: str, version: str = "1.0") -> LegalText:
    return LegalText.objects.get(version__version=version, language=language)


def bytes_of_all() -> list[dict[str, object]]:
    return list(LegalText.objects.order_by("pk").values())


def page_in(page: LegalPage, language: str) -> LegalPage:
    return LegalPage.objects.get(translation_key=page.translation_key, locale__language_code=language)


def approve(page: LegalPage) -> None:
    """What the end of a review does with the newest revision."""
    page.get_latest_revision().publish(skip_permission_checks=True)


def test_approval_freezes_every_language_at_once(author: User, approver: User) -> None:
    page = legal_draft(actor=author, languages=ALL)
    review = submitted(page, user=author)

    review.task.specific.on_action(review, approver, "approve")

    version = LegalVersion.objects.get()
    assert (version.document_type, version.version, version.published_by) == ("user_terms", "1.0", approver)
    assert version.source_revision_id == review.revision_id
    assert {text.language: text.title for text in version.texts.all()} == {
        "en": "Terms en 1.0",
        "fi": "Terms fi 1.0",
        "nl": "Terms nl 1.0",
        "tr": "Terms tr 1.0",
    }
    assert LegalPage.objects.filter(live=True).count() == 4


def test_frozen_content_is_clean_html_of_the_fixed_set() -> None:
    dirty = (
        '<h2 data-block-key="x" onclick="y()">A</h2><script>z()</script><p style="color:red">B <a href="/en/legal/">C</a><img src="q"></p>'
    )

    legal_version(text=services.TextDraft(title="T", summary="S", body=dirty, change_note="N"))

    assert text_of("en").content == '<h2>A</h2><p>B <a href="http://testserver/en/legal/">C</a></p>'


def test_hash_covers_the_words_and_the_facts() -> None:
    legal_version()

    text = LegalText.objects.select_related("version").get()
    assert text.is_intact()
    text.version.requires_acceptance = False
    assert not text.is_intact()


def test_incomplete_language_waits_and_touches_no_other() -> None:
    page = legal_draft(languages=ALL)
    StringTranslation.objects.filter(locale__language_code="tr").order_by("pk").first().delete()
    page.get_latest_revision().publish()
    version = LegalVersion.objects.get()
    assert sorted(version.texts.values_list("language", flat=True)) == ["en", "fi", "nl"]
    before = bytes_of_all()

    approve(services.draft_translation(page=page, language="tr", text=words("tr 1.0"), actor=None))

    assert sorted(version.texts.values_list("language", flat=True)) == ["en", "fi", "nl", "tr"]
    assert bytes_of_all()[:3] == before


def test_publishing_the_same_text_again_adds_completed_languages() -> None:
    page = legal_draft(languages=("fi",))
    page.get_latest_revision().publish()
    before = bytes_of_all()

    services.draft_translation(page=page, language="nl", text=words("nl 1.0"), actor=None)
    page.get_latest_revision().publish()

    assert LegalVersion.objects.count() == 1
    assert bytes_of_all()[:2] == before
    assert text_of("nl").title == "Terms nl 1.0"


def test_translation_alone_never_makes_a_version() -> None:
    page = legal_draft(languages=("fi",))

    approve(page_in(page, "fi"))

    assert not LegalVersion.objects.exists()


def test_translators_do_not_publish_through_wagtail_localize(author: User) -> None:
    page = legal_draft(languages=("fi",))
    page.get_latest_revision().publish()
    before = bytes_of_all()

    with TestCase.captureOnCommitCallbacks(execute=True):
        translate_object(LegalPage.objects.get(pk=page.pk), list(Locale.objects.exclude(language_code="en")), user=author)
    with TestCase.captureOnCommitCallbacks(execute=True):
        Translation.objects.get(target_locale__language_code="nl").save_target(user=author, publish=True)

    assert bytes_of_all() == before
    assert not page_in(page, "nl").live


def test_half_translated_page_cannot_join_a_published_version() -> None:
    page = legal_draft(languages=("fi",))
    StringTranslation.objects.filter(locale__language_code="fi").order_by("pk").first().delete()
    page.get_latest_revision().publish()
    Translation.objects.get().save_target(publish=False)

    with pytest.raises(IncompleteTranslation):
        approve(page_in(page, "fi"))

    assert not page_in(page, "fi").live


def test_translation_of_a_newer_draft_cannot_join_the_published_version() -> None:
    page = legal_draft()
    page.get_latest_revision().publish()
    services.draft_document(
        index=legal_index(), document_type="user_terms", version="1.0", effective_on=page.effective_on, text=words("changed"), actor=None
    )
    finnish = services.draft_translation(page=LegalPage.objects.get(pk=page.pk), language="fi", text=words("fi"), actor=None)

    with pytest.raises(IncompleteTranslation):
        approve(finnish)

    assert not LegalText.objects.filter(language="fi").exists()


def test_published_translation_cannot_be_replaced() -> None:
    page = legal_draft(languages=("fi",))
    page.get_latest_revision().publish()
    before = bytes_of_all()

    services.draft_translation(page=page, language="fi", text=words("fi better"), actor=None)
    with pytest.raises(VersionAlreadyPublished):
        approve(page_in(page, "fi"))

    assert bytes_of_all() == before


def test_page_translated_in_the_ordinary_editor_is_frozen_when_it_carries_the_same_facts() -> None:
    page = legal_draft()
    finnish = page.copy_for_translation(legal_index("fi").locale)
    finnish.title, finnish.body = "Ehdot", "<p>Hei</p>"
    finnish.save_revision()

    page.get_latest_revision().publish()

    assert text_of("fi").content == "<p>Hei</p>"


def test_stale_page_translated_in_the_ordinary_editor_is_left_out() -> None:
    page = legal_draft()
    page.copy_for_translation(legal_index("fi").locale).save_revision()
    legal_draft(version="2.0")

    LegalPage.objects.get(pk=page.pk).get_latest_revision().publish()

    assert list(LegalVersion.objects.get(version="2.0").texts.values_list("language", flat=True)) == ["en"]


def test_refused_version_leaves_page_and_texts_as_they_were() -> None:
    legal_version(languages=("fi",))
    before = bytes_of_all()
    page = legal_draft(text=words("rewritten"))

    with pytest.raises(VersionAlreadyPublished):
        page.get_latest_revision().publish()

    page.refresh_from_db()
    assert page.title == "Terms en 1.0"
    assert bytes_of_all() == before


def test_new_version_changes_nothing_of_the_old_one() -> None:
    legal_version(languages=ALL)
    before = bytes_of_all()

    legal_version(version="2.0", languages=("fi",))

    assert bytes_of_all()[:4] == before
    assert LegalText.objects.filter(version__version="2.0").count() == 2


def test_version_survives_its_author(author: User) -> None:
    version = legal_version(actor=author)

    author.delete()

    version.refresh_from_db()
    assert version.published_by is None
    assert text_of("en").is_intact()


def test_bare_publish_action_makes_the_version_too() -> None:
    page = legal_draft()

    PublishPageRevisionAction(page.get_latest_revision()).execute()

    assert LegalVersion.objects.count() == 1


def test_scheduled_publication_freezes_nothing_yet() -> None:
    page = legal_draft()
    page.go_live_at = datetime.datetime(2999, 1, 1, tzinfo=datetime.UTC)

    page.save_revision().publish()

    assert not LegalVersion.objects.exists()


def test_nobody_publishes_a_legal_page_by_hand(author: User) -> None:
    page = legal_draft()
    chief = legal_person("chief", is_superuser=True, is_staff=True)

    with pytest.raises(PublishPagePermissionError):
        PublishPageRevisionAction(page.get_latest_revision(), user=chief).execute()
    assert not page.permissions_for_user(chief).can_publish()
    assert not legal_index().permissions_for_user(chief).can_publish_subpage()
    assert not LegalVersion.objects.exists()


@pytest.mark.parametrize("is_superuser", [False, True])
def test_submitter_cannot_approve(is_superuser: bool, author: User) -> None:
    submitter = legal_person("submitter", groups=("Legal editors",), is_superuser=is_superuser, is_staff=True)
    page = legal_draft(actor=author)
    review = submitted(page, user=submitter)

    with pytest.raises(OwnWork):
        review.task.specific.on_action(review, submitter, "approve")

    assert "approve" not in [action[0] for action in review.task.specific.get_actions(page, submitter)]
    assert not LegalVersion.objects.exists()


@pytest.mark.parametrize("is_superuser", [False, True])
def test_author_of_any_unpublished_part_cannot_approve(is_superuser: bool, approver: User) -> None:
    first_author = legal_person("first", groups=("Legal editors",), is_superuser=is_superuser, is_staff=True)
    page = legal_draft(actor=first_author)
    page = page.get_latest_revision_as_object()
    page.summary = "Polished by somebody else"
    page.save_revision(user=approver)
    review = submitted(page, user=approver)

    with pytest.raises(OwnWork):
        review.task.specific.on_action(review, first_author, "approve")

    assert not LegalVersion.objects.exists()


def test_author_of_the_last_version_may_approve_the_next(author: User, approver: User) -> None:
    legal_version(actor=approver)
    review = submitted(legal_draft(version="2.0", actor=author, effective_on=today()), user=author)

    review.task.specific.on_action(review, approver, "approve")

    assert LegalVersion.objects.filter(version="2.0").exists()


def test_submission_shows_the_draft_to_translators(author: User) -> None:
    page = legal_draft(languages=("fi",))
    page.get_latest_revision().publish()

    submitted(legal_draft(version="2.0", text=words("all new"), actor=author), user=author)

    total, done = Translation.objects.get(target_locale__language_code="fi").get_progress()
    assert done < total


def test_translation_with_another_structure_is_refused() -> None:
    page = legal_draft()
    other = services.TextDraft(title="T", summary="S", body="<p>Only one paragraph</p>", change_note="N")

    with pytest.raises(TranslationDiffers):
        services.draft_translation(page=page, language="fi", text=other, actor=None)

    assert not LegalPage.objects.filter(locale__language_code="fi").exists()


def test_document_has_one_page_per_language() -> None:
    legal_draft()
    twin = LegalPage(title="Twin", slug="twin", document_type="user_terms", version="9", effective_on=datetime.date(2026, 1, 1))

    with pytest.raises(Exception, match="already a page"):
        legal_index().add_child(instance=twin)


def test_failure_in_the_middle_publishes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    page = legal_draft(languages=ALL)
    real = Revision.publish

    def fail_on_the_third(revision: Revision, *args: object, **kwargs: object) -> None:
        if LegalText.objects.count() == 3:
            raise OSError("the plug was pulled")
        real(revision, *args, **kwargs)

    monkeypatch.setattr(Revision, "publish", fail_on_the_third)
    with pytest.raises(OSError, match="plug"):
        real(page.get_latest_revision())

    assert not LegalVersion.objects.exists()
    assert not LegalText.objects.exists()
    assert not LegalPage.objects.filter(live=True).exists()
