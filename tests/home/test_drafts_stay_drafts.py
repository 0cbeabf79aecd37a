"""What translators save of a live page is a draft, whichever page it is: readers see it when it is published."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, TestCase
from django.urls import reverse
from rest_framework.test import APIClient
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from home.models import HomePage, OnboardingIndexPage, OnboardingSlidePage
from tests.factories import accounts

pytestmark = pytest.mark.django_db
SLIDES = "/api/v1/onboarding/"


@pytest.fixture
def slide(db: None) -> OnboardingSlidePage:
    index = OnboardingIndexPage.objects.get(locale__language_code="en")
    page = OnboardingSlidePage(title="Hello", slug="hello", description="Welcome.", button_text="Go on", live=False)
    index.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def translate(page: Any, words: str, *, publish: bool) -> Any:
    """All words of the page in Finnish, as the translator's editor saves them."""
    source, _created = TranslationSource.update_or_create_from_instance(page)
    finnish = Locale.objects.get(language_code="fi")
    translation, _created = Translation.objects.get_or_create(source=source, target_locale=finnish)
    for segment in StringSegment.objects.filter(source=source).exclude(context__path="slug"):
        StringTranslation.objects.update_or_create(
            translation_of=segment.string, locale=finnish, context=segment.context, defaults={"data": f"{words} {segment.context.path}"}
        )
    translation.save_target(publish=False)
    target = type(page).objects.get(pk=translation.get_target_instance().pk)
    if publish:
        target.get_latest_revision().publish()
        target.refresh_from_db()
    return target


def finnish_slide() -> dict[str, Any]:
    (shown,) = APIClient().get(SLIDES, headers={"Accept-Language": "fi"}).json()
    return {name: shown[name] for name in ("title", "description", "button_text")}


def test_draft_of_a_live_slide_is_not_shown(slide: OnboardingSlidePage) -> None:
    translate(slide, "Hei", publish=True)
    published = finnish_slide()

    drafted = translate(slide, "Luonnos", publish=False)

    assert published == {name: f"Hei {name}" for name in published}
    assert finnish_slide() == published
    assert drafted.has_unpublished_changes
    assert drafted.get_latest_revision_as_object().description == "Luonnos description"

    drafted.get_latest_revision().publish()

    assert finnish_slide() == {name: f"Luonnos {name}" for name in published}


def test_draft_of_a_front_page_is_not_shown(client: Client) -> None:
    home = HomePage.objects.get(locale__language_code="en")
    home.intro = "Eat well."
    home.save_revision().publish()
    finnish = translate(HomePage.objects.get(pk=home.pk), "Julki", publish=True)

    translate(HomePage.objects.get(pk=home.pk), "Luonnos", publish=False)

    page = client.get(finnish.get_url()).content.decode()
    assert "Julki intro" in page
    assert "Luonnos" not in page


def test_an_alias_goes_with_its_original(slide: OnboardingSlidePage) -> None:
    alias = slide.create_alias(
        parent=OnboardingIndexPage.objects.get(locale__language_code="nl"), update_locale=Locale.objects.get(language_code="nl")
    )

    slide.description = "Welcome again."
    slide.save_revision().publish()

    alias.refresh_from_db()
    assert alias.description == "Welcome again."


def test_a_person_who_may_publish_publishes_by_the_editor(
    client: Client, slide: OnboardingSlidePage, django_capture_on_commit_callbacks: Any
) -> None:
    finnish = translate(slide, "Hei", publish=True)
    translate(slide, "Uusi", publish=False)
    client.force_login(accounts.superuser())

    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(reverse("wagtailadmin_pages:edit", args=[finnish.pk]), {"action": "publish"})

    assert finnish_slide()["description"] == "Uusi description"
