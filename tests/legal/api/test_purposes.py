"""``legal/consent/purposes/``: allowing and forbidding one purpose."""

from __future__ import annotations

from unittest.mock import ANY

import pytest
from rest_framework.test import APIClient

from legal.models import ConsentEvent
from tests.factories.legal import legal_version

pytestmark = pytest.mark.django_db
URL = "/api/v1/legal/consent/purposes/"
UNDECIDED = {"state": None, "document": None, "decided_at": None, "event": None}
LOCATION = {"purpose": "location", "title": "Keeping my location", "allowed": False, **UNDECIDED}
AI = {"purpose": "ai", "title": "Letting a language model work with my pets' data", "allowed": True, **UNDECIDED}


def test_forbidding_a_purpose_answers_where_the_person_stands(signed_in: APIClient) -> None:
    privacy = legal_version(document_type="user_privacy")
    assert signed_in.get(URL).json() == [LOCATION, AI]

    answer = signed_in.post(URL, {"document": privacy.pk, "purpose": "ai", "accepted": False})

    assert answer.status_code == 201
    forbidden = {"allowed": False, "state": "rejected", "document": privacy.pk, "decided_at": ANY, "event": 1}
    assert answer.json() == signed_in.get(URL).json() == [LOCATION, AI | forbidden]
    assert signed_in.get("/api/v1/legal/consent/user/").json() == [], "it is no decision on the document"


@pytest.mark.parametrize("missing", ["document", "purpose", "accepted"])
def test_nothing_is_decided_by_leaving_something_out(signed_in: APIClient, missing: str) -> None:
    body = {"document": legal_version(document_type="user_privacy").pk, "purpose": "ai", "accepted": True}
    del body[missing]

    answer = signed_in.post(URL, body)

    assert (answer.status_code, missing in answer.json()) == (400, True)
    assert not ConsentEvent.objects.exists()


def test_purpose_of_another_document_is_400(signed_in: APIClient) -> None:
    answer = signed_in.post(URL, {"document": legal_version().pk, "purpose": "ai", "accepted": True})

    assert (answer.status_code, answer.json()["code"]) == (400, "purpose_not_in_document")
    assert not ConsentEvent.objects.exists()
