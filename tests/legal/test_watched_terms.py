"""An editorial change asks nobody again, so it may touch no sentence on purposes, retention, recipients, fees or rights."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from fammo.accounts.models import User
from legal import services
from legal.errors import ChangeIsMaterial
from legal.models import LegalPage, LegalText, LegalVersion, WatchedTerm
from legal.querysets import today
from legal.text.sentences import Change
from legal.text.terms import TouchedTerm, touched_terms
from tests.factories.legal import legal_draft, legal_version, submitted

pytestmark = pytest.mark.django_db
NEUTRAL = "Pets are <b>lovely</b>."


def edition(sentence: str) -> services.TextDraft:
    return services.TextDraft(
        title="Terms", summary="A summary.", body=f"<h2>Data</h2><p>{NEUTRAL} {sentence}</p>", change_note=f"Reworded: {sentence[-9:]}"
    )


def second(sentence: str, *, change_class: str = "editorial", finnish: str = "") -> LegalPage:
    page = legal_draft(version="2.0", change_class=change_class, text=edition(sentence))
    if finnish:
        services.draft_translation(page=page, language="fi", text=edition(finnish), actor=None)
    return page


def publish(page: LegalPage) -> LegalVersion:
    page.get_latest_revision().publish(skip_permission_checks=True)
    return LegalVersion.objects.get(version="2.0")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("We keep it for two years.", "We keep it for three years."),
        ("The fee is small.", "The FEE is high."),
        ("You have rights.", "Dogs are nice."),
        ("Dogs are nice.", "We sell it to third parties."),
    ],
    ids=["retention", "capitals", "sentence went away", "sentence came"],
)
def test_editorial_change_of_a_watched_sentence_is_refused_and_the_sentence_named(before: str, after: str) -> None:
    legal_version(text=edition(before))

    with pytest.raises(ChangeIsMaterial) as refusal:
        publish(second(after))

    named = after if "rights" not in before else before
    assert refusal.value.extra == {"language": "en", "sentences": [named]}
    assert f"“{named}”" in str(refusal.value.message)
    assert LegalVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("after", "change_class"),
    [
        ("We feed dogs, and rightly so.", "editorial"),
        ("We keep it for three years.", "material"),
        ("We keep it for two years.", "editorial"),
    ],
    ids=["other words that begin alike", "material", "unchanged sentence"],
)
def test_everything_else_is_published(after: str, change_class: str) -> None:
    legal_version(text=edition("We keep it for two years." if after.startswith("We keep") else "We walk dogs."))

    assert publish(second(after, change_class=change_class)).change_class == change_class


def test_change_of_one_translation_is_enough() -> None:
    page = legal_draft(text=edition("Dogs are nice."))
    services.draft_translation(page=page, language="fi", text=edition("Säilytämme tiedot kaksi vuotta."), actor=None)
    page.get_latest_revision().publish(skip_permission_checks=True)

    with pytest.raises(ChangeIsMaterial) as refusal:
        publish(second("Dogs are very nice.", finnish="Säilytämme tiedot kolme vuotta."))

    assert refusal.value.extra["language"] == "fi"
    assert not LegalText.objects.filter(version__version="2.0").exists(), "all languages or none"


def test_list_is_the_editors() -> None:
    legal_version(text=edition("The lynx sleeps here."))
    WatchedTerm.objects.create(language="en", term="lynx*", subject="right")

    with pytest.raises(ChangeIsMaterial, match="change_is_material"):
        publish(second("The lynxes sleep there."))

    WatchedTerm.objects.all().delete()
    assert publish(LegalPage.objects.get()).texts.count() == 1


def test_first_list_speaks_four_languages() -> None:
    found = set(WatchedTerm.objects.values_list("language", "subject"))

    assert found == {(language, subject) for language in ("en", "fi", "nl", "tr") for subject in WatchedTerm.Subject.values}


@pytest.mark.parametrize(
    ("term", "sentence", "is_touched"),
    [
        ("hakk*", "Silme HAKKINIZ vardır.", True),
        ("yıl*", "IKI YIL saklarız.", True),
        ("iade*", "İADE edilir.", True),
        ("third part*", "A third\n party reads it.", True),
        ("fee", "We feed them.", False),
        ("ay", "Ayakkabı.", False),
        ("right", "It is right.", True),
    ],
)
def test_terms_are_found_in_any_case_and_only_as_words(term: str, sentence: str, is_touched: bool) -> None:
    changes = [Change(type="added", section="", before="", after=sentence)]

    assert touched_terms(changes, [term]) == ([TouchedTerm(term, sentence)] if is_touched else [])


@pytest.mark.parametrize("term", ["", "*", "a(b", "*fee", "fee**"])
def test_what_is_no_word_is_no_term(term: str) -> None:
    with pytest.raises(ValidationError):
        WatchedTerm(language="en", term=term, subject="fee").full_clean()


def test_editor_is_told_while_submitting(client: Any, author: User) -> None:
    legal_version(text=edition("We keep it for two years."))
    page = LegalPage.objects.get()
    form_class = LegalPage.get_edit_handler().get_form_class()
    draft = second("We keep it for three years.")
    data = form_class(instance=draft, for_user=author).initial | {
        "title": "Terms",
        "slug": page.slug,
        "body": '{"blocks": [{"key": "a", "text": "We keep it for three years.", "type": "unstyled", "depth": 0, '
        '"inlineStyleRanges": [], "entityRanges": [], "data": {}}], "entityMap": {}}',
    }

    form = form_class({name: value for name, value in data.items() if value is not None}, instance=draft, for_user=author)

    assert not form.is_valid()
    assert "“We keep it for three years.”" in form.errors["change_class"][0]


def test_approval_is_refused_too(author: User, approver: User) -> None:
    legal_version(text=edition("We keep it for two years."))
    page = second("We keep it for three years.")
    page.effective_on = today()
    page.save_revision(user=author)
    review = submitted(page, user=author)

    with pytest.raises(ChangeIsMaterial):
        review.task.specific.on_action(review, approver, "approve")

    review.refresh_from_db()
    assert review.status == "in_progress"
