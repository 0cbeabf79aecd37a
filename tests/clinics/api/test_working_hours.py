"""/clinics/{id}/working-hours/"""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from clinics import hours
from clinics.models import Clinic
from fammo.accounts.models import User
from tests.factories import clinics

pytestmark = pytest.mark.django_db


def url_of(clinic: Clinic) -> str:
    return f"/api/v1/clinics/{clinic.pk}/working-hours/"


def plain(number: int, opens: str, closes: str) -> dict[str, Any]:
    return {"day_of_week": number, "is_closed": False, "open_time": opens, "close_time": closes}


def draft_week(clinic: Clinic) -> list[list[int | str]]:
    return hours.to_json(clinics.page_of(clinic).get_latest_revision_as_object().week())


def test_seven_days_from_monday_in_the_callers_language(api: APIClient) -> None:
    clinic = clinics.approved()

    body = api.get(url_of(clinic), HTTP_ACCEPT_LANGUAGE="nl").json()

    assert [row["day_of_week"] for row in body] == list(range(7))
    assert body[0]["day_name"] == "Maandag"
    assert (body[0]["open"], body[0]["close"]) == ("09:00", "18:00")
    assert body[6] == {
        "day_of_week": 6,
        "day_name": "Zondag",
        "day": "Zondag",
        "is_closed": True,
        "open_time": None,
        "close_time": None,
        "open": None,
        "close": None,
        "intervals": [],
    }


def test_posting_a_bare_array_replaces_the_week_and_waits(api: APIClient, as_vet: APIClient, vet: User) -> None:
    clinic = clinics.approved(vet)

    response = as_vet.post(
        url_of(clinic), [plain(0, "10:00", "16:00:00"), {"day_of_week": 1, "is_closed": True, "open_time": "", "close_time": ""}]
    )

    assert response.status_code == 201
    assert draft_week(clinic) == [[0, "10:00", "16:00"]]
    assert response.json()[0]["open_time"] == "10:00"
    assert api.get(url_of(clinic)).json()[0]["open_time"] == "09:00"


def test_patching_changes_the_named_days(as_vet: APIClient, vet: User) -> None:
    clinic = clinics.pending(vet)

    response = as_vet.patch(url_of(clinic), [plain(0, "22:00", "02:00")])

    assert response.status_code == 200
    assert draft_week(clinic)[:2] == [[0, "22:00", "02:00"], [1, "09:00", "18:00"]]


def test_split_shifts_survive_an_app_that_knows_one_pair_of_times(as_vet: APIClient, vet: User) -> None:
    split = [{"open": "08:00", "close": "12:00"}, {"open": "13:00", "close": "18:00"}]
    clinic = clinics.pending(vet)
    as_vet.post(url_of(clinic), [{"day_of_week": 0, "intervals": split}])

    shown = as_vet.get(url_of(clinic)).json()
    as_vet.patch(url_of(clinic), [plain(0, shown[0]["open_time"], shown[0]["close_time"]), plain(1, "09:00", "10:00")])

    assert draft_week(clinic) == [[0, "08:00", "12:00"], [0, "13:00", "18:00"], [1, "09:00", "10:00"]]


def test_what_was_read_can_be_sent_back(as_vet: APIClient, vet: User) -> None:
    clinic = clinics.pending(vet)
    before = draft_week(clinic)

    response = as_vet.post(url_of(clinic), as_vet.get(url_of(clinic)).json())

    assert response.status_code == 201
    assert draft_week(clinic) == before


@pytest.mark.parametrize(
    "body",
    [
        [plain(7, "09:00", "10:00")],
        [plain(0, "nine", "10:00")],
        [{"day_of_week": 0}],
        [{"day_of_week": 0, "intervals": [{"open": "09:00", "close": "12:00"}, {"open": "11:00", "close": "13:00"}]}],
        ["monday"],
        "monday",
    ],
)
def test_what_is_no_week_is_refused(as_vet: APIClient, vet: User, body: Any) -> None:
    clinic = clinics.pending(vet)
    before = draft_week(clinic)

    assert as_vet.post(url_of(clinic), body).status_code == 400
    assert draft_week(clinic) == before
