"""What a browser gets at a legal page's address: the frozen text in force, never the page's own."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.test import Client

from fammo.common.privacy import undeclared_columns
from legal.models import LegalPage
from tests.factories.legal import legal_draft, legal_index, legal_version, words

pytestmark = pytest.mark.django_db


def test_page_shows_the_frozen_text_in_its_language(client: Client) -> None:
    legal_version(languages=("fi",))
    finnish = LegalPage.objects.get(locale__language_code="fi")

    answer = client.get(finnish.get_url())

    assert answer.status_code == 200
    assert "Account fi 1.0" in answer.content.decode()


def test_page_is_404_before_the_first_publication(client: Client) -> None:
    page = legal_draft()
    LegalPage.objects.filter(pk=page.pk).update(live=True)

    assert client.get(page.get_url()).status_code == 404


def test_page_never_shows_text_that_was_not_approved(client: Client) -> None:
    legal_version()
    page = LegalPage.objects.get()
    LegalPage.objects.filter(pk=page.pk).update(body="<p>smuggled in</p>")
    legal_draft(version="2.0", text=words("draft"))

    answer = client.get(page.get_url()).content.decode()

    assert "smuggled" not in answer
    assert "draft" not in answer
    assert "Account en 1.0" in answer


def test_page_links_only_to_languages_of_the_version_in_force(client: Client) -> None:
    legal_version(languages=("fi", "nl"))
    legal_version(version="2.0", languages=("fi",))
    page, finnish, dutch = (LegalPage.objects.get(locale__language_code=language) for language in ("en", "fi", "nl"))

    answer = client.get(page.get_url()).content.decode()

    assert f'href="{finnish.get_url()}"' in answer
    assert client.get(dutch.get_url()).status_code == 404
    assert f'href="{dutch.get_url()}"' not in answer


def test_hash_may_wrap(client: Client) -> None:
    legal_version()

    assert '<code class="hash">' in client.get(LegalPage.objects.get().get_url()).content.decode()


def test_index_lists_what_is_in_force(client: Client) -> None:
    legal_version()
    legal_draft(document_type="user_privacy", text=words("privacy"))

    answer = client.get(legal_index().get_url()).content.decode()

    assert "Terms en 1.0" in answer
    assert "privacy" not in answer


def test_every_column_says_whether_it_is_personal() -> None:
    models = apps.get_app_config("legal").get_models()

    assert [(model.__name__, undeclared_columns(model)) for model in models if undeclared_columns(model)] == []
