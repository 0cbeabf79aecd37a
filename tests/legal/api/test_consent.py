"""Consent over HTTP: accepting, refusing, what is outstanding, and the ledger for staff."""

from __future__ import annotations

from unittest.mock import ANY

import pytest
from django.contrib.auth.models import Permission
from rest_framework.test import APIClient

from fammo.accounts.models import User
from legal import services
from legal.models import ConsentEvent, LegalText, UserConsent
from tests.factories.legal import legal_person, legal_version

pytestmark = pytest.mark.django_db
URL = "/api/v1/legal/consent/user/"
STATUS = "/api/v1/legal/consent/status/"
LOGS = "/api/v1/legal/logs/"


def test_accepting_answers_what_was_written_down(signed_in: APIClient, person: User) -> None:
    version = legal_version(languages=("fi",))

    answer = signed_in.post(
        URL,
        {"document": version.pk, "accepted": True},
        headers={"Accept-Language": "fi", "X-App-Version": "3.1.0+42"},
        REMOTE_ADDR="192.0.2.9",
    )

    assert answer.status_code == 201
    expected = {
        "id": UserConsent.objects.get().pk,
        "user": person.pk,
        "document": version.pk,
        "document_type": "user_terms",
        "version": "1.0",
        "language": "fi",
        "sha256": LegalText.objects.get(language="fi").sha256,
        "accepted": True,
        "state": "accepted",
        "accepted_at": ANY,
        "decided_at": ANY,
        "app_version": "3.1.0+42",
        "ip_address": "192.0.2.9",
        "event": 1,
    }
    assert answer.json() == expected
    assert signed_in.get(URL).json() == [expected]


@pytest.mark.parametrize("path", ["/api/v1/legal/user-consent/", "/api/v1/user-consent/"])
def test_the_apps_own_paths_are_the_same_endpoint(signed_in: APIClient, path: str) -> None:
    version = legal_version()

    assert signed_in.post(path, {"document": version.pk, "accepted": True}).status_code == 201
    assert signed_in.get(path).json() == signed_in.get(URL).json()


@pytest.mark.parametrize("body", [{}, {"accepted": None}, {"accepted": ""}, {"accepted": "perhaps"}])
def test_accepted_has_no_default(signed_in: APIClient, body: dict[str, object]) -> None:
    version = legal_version()

    answer = signed_in.post(URL, {"document": version.pk, **body})

    assert answer.status_code == 400
    assert "accepted" in answer.json()
    assert not ConsentEvent.objects.exists()


def test_form_that_leaves_accepted_out_is_refused_too(signed_in: APIClient) -> None:
    version = legal_version()

    answer = signed_in.post(URL, {"document": version.pk}, format="multipart")

    assert answer.status_code == 400
    assert not ConsentEvent.objects.exists()


def test_outdated_version_is_409_with_the_current_id(signed_in: APIClient) -> None:
    old = legal_version()
    new = legal_version(version="2.0")

    answer = signed_in.post(URL, {"document": old.pk, "accepted": True})

    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["current_document"]) == ("outdated_version", new.pk)
    assert not ConsentEvent.objects.exists()


def test_unknown_document_is_404(signed_in: APIClient) -> None:
    assert signed_in.post(URL, {"document": 999, "accepted": True}).status_code == 404


def test_language_that_was_shown_may_be_named(signed_in: APIClient) -> None:
    version = legal_version()

    refused = signed_in.post(URL, {"document": version.pk, "accepted": True}, headers={"Accept-Language": "tr"})
    taken = signed_in.post(URL, {"document": version.pk, "accepted": True, "language": "en"}, headers={"Accept-Language": "tr"})

    assert (refused.status_code, refused.json()["available_languages"]) == (404, ["en"])
    assert (taken.status_code, taken.json()["language"]) == (201, "en")


def test_withdrawing_is_one_call(signed_in: APIClient) -> None:
    version = legal_version()
    signed_in.post(URL, {"document": version.pk, "accepted": True})

    answer = signed_in.post(URL, {"document": version.pk, "accepted": False})

    assert (answer.status_code, answer.json()["state"], answer.json()["accepted_at"]) == (201, "withdrawn", None)


@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_is_refused(api: APIClient, method: str) -> None:
    version = legal_version()

    assert getattr(api, method)(URL, {"document": version.pk, "accepted": True}).status_code == 401
    assert not ConsentEvent.objects.exists()


def test_people_see_their_own_consents_only(signed_in: APIClient) -> None:
    version = legal_version()
    services.record_decision(user=legal_person(), version_id=version.pk, accepted=True, language="en", origin=services.Origin())

    assert signed_in.get(URL).json() == []


def test_status_tells_what_is_outstanding_and_why(signed_in: APIClient) -> None:
    first = legal_version()
    signed_in.post(URL, {"document": first.pk, "accepted": True})
    assert signed_in.get(STATUS).json() == {"up_to_date": True, "outstanding": []}

    second = legal_version(version="2.0")

    assert signed_in.get(STATUS).json() == {
        "up_to_date": False,
        "outstanding": [
            {
                "document": second.pk,
                "document_type": "user_terms",
                "version": "2.0",
                "title": "Terms en 2.0",
                "change_note": "First version en 2.0",
                "effective_date": "2026-01-01",
                "available_languages": ["en"],
                "reason": "changed",
                "accepted_version": first.pk,
                "diff_url": f"http://testserver/api/v1/legal/documents/{second.pk}/diff/?from={first.pk}",
            }
        ],
    }


def test_status_query_count_does_not_grow(signed_in: APIClient, django_assert_num_queries: object) -> None:
    legal_version()
    with django_assert_num_queries(5):  # type: ignore[operator]
        signed_in.get(STATUS)

    legal_version(document_type="user_privacy")
    legal_version(version="2.0")
    with django_assert_num_queries(5):  # type: ignore[operator]
        assert len(signed_in.get(STATUS).json()["outstanding"]) == 2


def test_view_is_written_down(signed_in: APIClient) -> None:
    version = legal_version()

    assert signed_in.post(f"/api/v1/legal/documents/{version.pk}/viewed/").status_code == 204
    assert ConsentEvent.objects.get().action == "viewed"


@pytest.fixture
def auditor(api: APIClient) -> APIClient:
    user = legal_person("auditor", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_consentevent"))
    api.force_authenticate(user)
    return api


def test_auditor_reads_the_ledger(auditor: APIClient, person: User) -> None:
    version = legal_version()
    services.record_decision(
        user=person, version_id=version.pk, accepted=True, language="en", origin=services.Origin(ip_address="192.0.2.3")
    )

    event = ConsentEvent.objects.get()
    assert auditor.get(LOGS).json() == [
        {
            "id": 1,
            "user": person.pk,
            "subject": str(event.subject),
            "document": version.pk,
            "document_type": "user_terms",
            "version": "1.0",
            "language": "en",
            "action": "accepted",
            "purpose": "",
            "sha256": event.text_sha256,
            "app_version": "",
            "ip_address": "192.0.2.3",
            "timestamp": ANY,
            "previous_hash": "0" * 64,
            "hash": event.hash,
        }
    ]


def test_erased_person_has_no_name_in_the_ledger(auditor: APIClient, person: User) -> None:
    version = legal_version()
    services.record_decision(user=person, version_id=version.pk, accepted=True, language="en", origin=services.Origin())
    services.forget_person(user=person)

    row = auditor.get(LOGS).json()[0]

    assert (row["user"], row["ip_address"], row["action"]) == (None, None, "accepted")


def test_ledger_is_filtered_paged_and_counted(auditor: APIClient, person: User, django_assert_num_queries: object) -> None:
    version = legal_version()
    for accepted in (True, False, True):
        services.record_decision(user=person, version_id=version.pk, accepted=accepted, language="en", origin=services.Origin())

    with django_assert_num_queries(3):  # type: ignore[operator]  # two of them ask for permissions
        assert [row["id"] for row in auditor.get(LOGS, {"action": "accepted", "user": person.pk}).json()] == [3, 1]
    assert [row["id"] for row in auditor.get(LOGS, {"cursor": "", "page_size": 2}).json()["results"]] == [3, 2]
    assert auditor.get(LOGS, {"document_type": "user_privacy"}).json() == []
    assert auditor.get(LOGS, {"who": "me"}).status_code == 400


def test_ledger_is_closed_to_everybody_else(api: APIClient, person: User) -> None:
    assert api.get(LOGS).status_code == 401
    api.force_authenticate(person)
    assert api.get(LOGS).status_code == 403
    api.force_authenticate(legal_person("staff", is_staff=True))
    assert api.get(LOGS).status_code == 403
