"""GET legal/documents/, its members, and by type."""

from __future__ import annotations

import datetime
from unittest.mock import ANY

import pytest
import time_machine
from rest_framework.test import APIClient

from legal import services
from legal.models import LegalText
from tests.factories.legal import legal_version

pytestmark = pytest.mark.django_db
URL = "/api/v1/legal/documents/"


def words(text: str, *, bold: bool = False) -> dict[str, object]:
    return {"type": "text", "text": text, "bold": bold, "italic": False}


def test_document_in_the_callers_language(api: APIClient) -> None:
    version = legal_version(languages=("fi",))

    answer = api.get(URL, headers={"Accept-Language": "fi"})

    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == "fi"
    assert answer.json() == [
        {
            "id": version.pk,
            "document_type": "user_terms",
            "version": "1.0",
            "title": "Terms fi 1.0",
            "summary": "What you may expect fi 1.0",
            "content": '<h2>Account fi 1.0</h2><p>Keep it <b>safe</b> fi 1.0. See <a href="https://fammo.example/help">help fi 1.0</a>.</p>'
            "<ul><li>One fi 1.0</li></ul>",
            "content_markdown": "## Account fi 1.0\n\n"
            "Keep it **safe** fi 1.0. See [help fi 1.0](<https://fammo.example/help>).\n\n"
            "- One fi 1.0",
            "content_blocks": [
                {"type": "heading", "level": 2, "spans": [words("Account fi 1.0")]},
                {
                    "type": "paragraph",
                    "spans": [
                        words("Keep it "),
                        words("safe", bold=True),
                        words(" fi 1.0. See "),
                        {**words("help fi 1.0"), "type": "link", "href": "https://fammo.example/help"},
                        words("."),
                    ],
                },
                {"type": "list", "items": [{"level": 0, "number": None, "spans": [words("One fi 1.0")]}]},
            ],
            "change_note": "First version fi 1.0",
            "change_class": "material",
            "effective_date": "2026-01-01",
            "is_active": True,
            "requires_acceptance": True,
            "language": "fi",
            "available_languages": ["en", "fi"],
            "sha256": LegalText.objects.get(language="fi").sha256,
            "created_at": ANY,
            "updated_at": ANY,
        }
    ]


def test_id_is_the_same_in_every_language(api: APIClient) -> None:
    version = legal_version(languages=("fi", "nl", "tr"))

    ids = {code: api.get(URL, headers={"Accept-Language": code}).json()[0]["id"] for code in ("en", "fi", "nl", "tr")}

    assert ids == dict.fromkeys(ids, version.pk)


def test_list_shows_the_version_in_force_of_each_type(api: APIClient) -> None:
    legal_version()
    legal_version(version="2.0", effective_on=datetime.date(2026, 5, 1))
    legal_version(version="3.0", effective_on=datetime.date(2999, 1, 1))
    legal_version(document_type="user_privacy", version="7")

    answer = api.get(URL)

    assert [(row["document_type"], row["version"]) for row in answer.json()] == [("user_privacy", "7"), ("user_terms", "2.0")]


@pytest.mark.parametrize("name", ["document_type", "doc_type", "type", "filter[document_type]", "filter[doc_type]", "filter[type]"])
def test_list_is_filtered_by_type(api: APIClient, name: str) -> None:
    legal_version()
    legal_version(document_type="user_privacy")

    assert [row["document_type"] for row in api.get(URL, {name: "user_privacy"}).json()] == ["user_privacy"]


def test_unknown_type_and_unknown_parameter_are_refused(api: APIClient) -> None:
    assert api.get(URL, {"document_type": "privacy"}).status_code == 400
    assert list(api.get(URL, {"filter[type]": "privacy"}).json()["details"]) == ["filter[type]"]
    assert api.get(URL, {"kind": "user_terms"}).status_code == 400


def test_list_says_what_is_not_translated_instead_of_showing_another_language(api: APIClient) -> None:
    legal_version(languages=("fi",))

    row = api.get(URL, headers={"Accept-Language": "tr"}).json()[0]

    assert (row["language"], row["content"], row["sha256"], row["available_languages"]) == (None, "", None, ["en", "fi"])


def test_missing_translation_is_404_with_the_languages_that_there_are(api: APIClient) -> None:
    version = legal_version(languages=("fi",))

    for path in (f"{URL}{version.pk}/", f"{URL}by_type/?doc_type=user_terms"):
        answer = api.get(path, headers={"Accept-Language": "tr"})

        assert answer.status_code == 404
        assert answer.json()["code"] == "translation_not_available"
        assert answer.json()["available_languages"] == ["en", "fi"]


def test_old_version_stays_readable_at_its_id(api: APIClient) -> None:
    old = legal_version()
    legal_version(version="2.0")

    answer = api.get(f"{URL}{old.pk}/").json()

    assert (answer["version"], answer["is_active"], answer["title"]) == ("1.0", False, "Terms en 1.0")


def test_unknown_document_is_404(api: APIClient) -> None:
    assert api.get(f"{URL}999/").json()["code"] == "document_not_found"


def test_by_type_gives_the_version_in_force_or_the_one_asked_for(api: APIClient) -> None:
    legal_version()
    legal_version(version="2.0")

    assert api.get(f"{URL}by_type/", {"doc_type": "user_terms"}).json()["version"] == "2.0"
    assert api.get(f"{URL}by_type/", {"doc_type": "user_terms", "version": "1.0"}).json()["version"] == "1.0"
    assert api.get(f"{URL}by_type/", {"doc_type": "user_terms", "version": "9"}).status_code == 404
    assert api.get(f"{URL}by_type/", {"type": "user_terms"}).json()["version"] == "2.0"
    assert api.get(f"{URL}by_type/", {"doc_type": "clinic_eoi"}).status_code == 404
    assert api.get(f"{URL}by_type/").json()["doc_type"] == ["This field is required."]


def test_version_takes_effect_on_its_day(api: APIClient) -> None:
    legal_version()
    legal_version(version="2.0", effective_on=datetime.date(2999, 1, 1))

    with time_machine.travel(datetime.datetime(2998, 12, 31, 23, 59, 59, tzinfo=datetime.UTC), tick=False):
        assert api.get(URL).json()[0]["version"] == "1.0"
    with time_machine.travel(datetime.datetime(2999, 1, 1, tzinfo=datetime.UTC), tick=False):
        assert api.get(URL).json()[0]["version"] == "2.0"


def test_reader_who_has_it_already_gets_304(api: APIClient) -> None:
    legal_version()
    etag = api.get(URL).headers["ETag"]

    assert api.get(URL, headers={"If-None-Match": etag}).status_code == 304
    legal_version(document_type="user_privacy")
    assert api.get(URL, headers={"If-None-Match": etag}).status_code == 200


def test_query_count_does_not_grow(api: APIClient, django_assert_num_queries: object) -> None:
    legal_version(languages=("fi", "nl", "tr"))
    with django_assert_num_queries(4):  # type: ignore[operator]
        api.get(URL)

    for document_type in ("user_privacy", "clinic_terms", "clinic_eoi", "clinic_partnership"):
        legal_version(document_type=document_type)
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert len(api.get(URL).json()) == 5


def edition(content: str) -> services.TextDraft:
    return services.TextDraft(title="Terms", summary="What you may expect.", body=content, change_note="Longer.")


def test_difference_between_two_versions(api: APIClient) -> None:
    first = legal_version(text=edition("<h2>Data</h2><p>We keep it for two years. We sell nothing.</p>"))
    second = legal_version(version="2.0", text=edition("<h2>Data</h2><p>We keep it for three years. We sell nothing.</p>"))
    third = legal_version(version="3.0", change_class="editorial", text=edition("<h2>Data</h2><p>We keep it for three years.</p>"))

    answer = api.get(f"{URL}{third.pk}/diff/", {"from": first.pk})

    assert answer.status_code == 200
    assert answer.json() == {
        "document": third.pk,
        "version": "3.0",
        "previous_document": first.pk,
        "previous_version": "1.0",
        "document_type": "user_terms",
        "language": "en",
        "notes": ["Longer.", "Longer."],
        "is_material": True,
        "changes": [
            {"type": "changed", "section": "Data", "before": "We keep it for two years.", "after": "We keep it for three years."},
            {"type": "removed", "section": "Data", "before": "We sell nothing.", "after": ""},
        ],
    }
    assert api.get(f"{URL}{third.pk}/diff/", {"from": second.pk}).json()["is_material"] is False


def test_difference_needs_two_versions_of_one_document_in_the_language(api: APIClient) -> None:
    terms, privacy = legal_version(languages=("fi",)), legal_version(document_type="user_privacy")
    newer = legal_version(version="2.0")

    assert api.get(f"{URL}{newer.pk}/diff/", {"from": privacy.pk}).status_code == 404
    assert api.get(f"{URL}{newer.pk}/diff/", {"from": 999}).status_code == 404
    assert [api.get(f"{URL}{newer.pk}/diff/", query).status_code for query in ({}, {"from": "x"}, {"from": "9" * 40})] == [400] * 3
    missing = api.get(f"{URL}{newer.pk}/diff/", {"from": terms.pk}, headers={"Accept-Language": "fi"})
    assert (missing.status_code, missing.json()["available_languages"]) == (404, ["en"])


@pytest.mark.parametrize("accept", ["*/*", "application/pdf"])
def test_any_version_as_a_pdf(api: APIClient, accept: str) -> None:
    old = legal_version(languages=("fi",))
    legal_version(version="2.0")

    answer = api.get(f"{URL}{old.pk}/pdf/", headers={"Accept-Language": "fi", "Accept": accept})

    assert answer.status_code == 200
    assert (answer.headers["Content-Type"], answer.headers["Content-Language"]) == ("application/pdf", "fi")
    assert answer.headers["Content-Disposition"] == f'inline; filename="user_terms-{old.pk}-fi.pdf"'
    assert answer.content.startswith(b"%PDF-")
    again = api.get(f"{URL}{old.pk}/pdf/", headers={"Accept-Language": "fi", "Accept": accept, "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_pdf_that_does_not_exist_is_told_in_json(api: APIClient) -> None:
    answer = api.get(f"{URL}{legal_version().pk}/pdf/", headers={"Accept-Language": "tr", "Accept": "application/pdf"})

    assert (answer.status_code, answer.json()["available_languages"]) == (404, ["en"])
    assert api.get(f"{URL}999/pdf/").status_code == 404
