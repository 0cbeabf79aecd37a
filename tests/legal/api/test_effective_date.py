"""A version that is published ahead of its day: the app sees it from that moment on, and not before."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from rest_framework.test import APIClient

from fammo.accounts.models import User
from legal import services
from legal.models import LegalVersion
from tests.factories.legal import legal_version

pytestmark = pytest.mark.django_db
URL = "/api/v1/legal/documents/"
STATUS = "/api/v1/legal/consent/status/"
DAY = datetime.date(2027, 3, 1)
MOMENT = datetime.datetime(2027, 3, 1, tzinfo=datetime.UTC)
BEFORE = MOMENT - datetime.timedelta(milliseconds=1)


@pytest.fixture
def versions(person: User) -> tuple[LegalVersion, LegalVersion]:
    old = legal_version()
    services.record_decision(user=person, version_id=old.pk, accepted=True, language="en", origin=services.Origin())
    return old, legal_version(version="2.0", effective_on=DAY)


def in_force(api: APIClient) -> list[tuple[str, bool]]:
    return [(row["version"], row["is_active"]) for row in api.get(URL, {"document_type": "user_terms"}).json()]


def test_new_version_goes_live_at_its_very_moment(api: APIClient, versions: tuple[LegalVersion, LegalVersion]) -> None:
    with time_machine.travel(BEFORE, tick=False) as clock:
        assert in_force(api) == [("1.0", True)]
        assert api.get(f"{URL}by_type/?doc_type=user_terms").json()["version"] == "1.0"
        assert api.get(f"{URL}{versions[1].pk}/").json()["is_active"] is False

        clock.move_to(MOMENT)

        assert in_force(api) == [("2.0", True)]
        assert api.get(f"{URL}by_type/?doc_type=user_terms").json()["version"] == "2.0"
        assert api.get(f"{URL}{versions[0].pk}/").json()["is_active"] is False


def test_people_are_asked_again_from_that_moment_on(signed_in: APIClient, versions: tuple[LegalVersion, LegalVersion]) -> None:
    old, new = versions
    accept_new = {"document": new.pk, "accepted": True}

    with time_machine.travel(BEFORE, tick=False) as clock:
        assert signed_in.get(STATUS).json()["up_to_date"] is True
        early = signed_in.post("/api/v1/legal/consent/user/", accept_new)
        assert (early.status_code, early.json()["current_document"]) == (409, old.pk)

        clock.move_to(MOMENT)

        (outstanding,) = signed_in.get(STATUS).json()["outstanding"]
        assert (outstanding["document"], outstanding["reason"], outstanding["accepted_version"]) == (new.pk, "changed", old.pk)
        late = signed_in.post("/api/v1/legal/consent/user/", {"document": old.pk, "accepted": True})
        assert (late.status_code, late.json()["current_document"]) == (409, new.pk)
        assert signed_in.post("/api/v1/legal/consent/user/", accept_new).status_code == 201
        assert signed_in.get(STATUS).json()["up_to_date"] is True


def test_old_versions_are_readable_for_ever(api: APIClient, versions: tuple[LegalVersion, LegalVersion]) -> None:
    old, _new = versions
    now = api.get(f"{URL}{old.pk}/").json()

    with time_machine.travel(datetime.datetime(2999, 1, 1, tzinfo=datetime.UTC), tick=False):
        then = api.get(f"{URL}{old.pk}/").json()
        assert [row["id"] for row in api.get(URL, {"version": "1.0"}).json()] == [old.pk]

    assert then == now | {"is_active": False}
