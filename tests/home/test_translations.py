"""What is not translated yet is counted, kind by kind, and shown to who can do something about it."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from home.translations import Coverage, coverage
from pets.models import PetType
from pets.services import load_reference_data
from tests.factories.legal import legal_person, legal_version

pytestmark = pytest.mark.django_db


def of(subject: str, language: str) -> Coverage:
    return next(each for each in coverage() if (each.subject, each.language) == (subject, language))


def test_reference_rows_count_when_every_column_has_words() -> None:
    load_reference_data()
    PetType.objects.filter(pk=1).update(name_fi="")
    PetType.objects.filter(pk=2).update(name_fi=None)

    finnish, dutch = of("pet types", "fi"), of("pet types", "nl")

    assert (finnish.missing, dutch.missing) == (2, 0)
    assert finnish.percent < dutch.percent == 100


def test_legal_version_in_force_counts_the_languages_it_was_published_in() -> None:
    legal_version(languages=("fi",))

    assert (of("legal versions", "fi").done, of("legal versions", "nl").done, of("legal versions", "nl").total) == (1, 0, 1)


def test_kinds_without_rows_are_left_out() -> None:
    assert "legal versions" not in {each.subject for each in coverage()}


def test_command_prints_a_line_for_each_kind_and_language() -> None:
    legal_version(languages=("fi",))
    said = StringIO()

    call_command("translation_status", language="nl", stdout=said)

    assert "nl    0%  0/1  legal versions" in said.getvalue()
    assert "fi" not in {line[:2] for line in said.getvalue().splitlines()}


@pytest.mark.parametrize(("group", "shown"), [("Translators", True), ("Clinic moderators", False)])
def test_first_page_shows_translators_what_waits_for_them(client: Client, group: str, shown: bool) -> None:
    legal_version(languages=("fi",))
    client.force_login(legal_person("somebody", groups=(group,), is_staff=True))

    page = client.get(reverse("wagtailadmin_home")).content.decode()

    assert ("Still to be translated" in page) is shown


def test_first_page_leads_from_a_language_to_what_waits_in_it(client: Client) -> None:
    legal_version(languages=("fi",))
    client.force_login(legal_person("somebody", groups=("Translators",), is_staff=True))

    page = client.get(reverse("wagtailadmin_home")).content.decode()

    waiting = f"{reverse('wagtail_localize:translations_report')}?target_locale=%s&amp;waiting_for_translation=true"
    assert waiting % "nl" in page
    assert waiting % "fi" not in page
