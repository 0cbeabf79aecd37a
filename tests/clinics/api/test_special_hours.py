"""/clinics/{id}/special-hours/, and who is open."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from clinics.models import Clinic
from fammo.accounts.models import User
from tests.factories import accounts, clinics

pytestmark = pytest.mark.django_db
MONDAY_MORNING = "2026-11-23T08:30:00+00:00"
CLOSED = {"date": "2026-11-23", "is_closed": True, "intervals": []}
SPLIT = {"date": "2026-12-24", "is_closed": False, "intervals": [{"open": "08:00", "close": "10:00"}, {"open": "11:00", "close": "12:00"}]}


def url_of(clinic: Clinic) -> str:
    return f"/api/v1/clinics/{clinic.pk}/special-hours/"


def test_exceptions_wait_for_their_approval_like_everything_else(api: APIClient, as_vet: APIClient, vet: User) -> None:
    clinic = clinics.approved(vet)

    response = as_vet.put(url_of(clinic), [SPLIT, CLOSED])

    assert response.status_code == 200
    assert response.json() == [CLOSED, SPLIT]
    assert api.get(url_of(clinic)).json() == []
    clinics.approve(clinic)
    assert api.get(url_of(clinic)).json() == [CLOSED, SPLIT]
    assert api.get(f"/api/v1/clinics/{clinic.pk}/").json()["special_hours"] == [CLOSED, SPLIT]


def test_several_rows_of_one_date_make_a_split_day(as_vet: APIClient, vet: User) -> None:
    clinic = clinics.pending(vet)
    rows = [{"date": SPLIT["date"], "intervals": [pair]} for pair in SPLIT["intervals"]]  # type: ignore[union-attr]

    assert as_vet.put(url_of(clinic), rows).json() == [SPLIT]


def test_several_rows_of_one_weekday_make_a_split_day(as_vet: APIClient, vet: User) -> None:
    clinic = clinics.pending(vet)
    rows = [{"day_of_week": 0, "open_time": opens, "close_time": closes} for opens, closes in (("09:00", "12:00"), ("13:00", "17:00"))]

    body = as_vet.post(f"/api/v1/clinics/{clinic.pk}/working-hours/", rows).json()

    assert body[0]["intervals"] == [{"open": "09:00", "close": "12:00"}, {"open": "13:00", "close": "17:00"}]


@time_machine.travel(MONDAY_MORNING, tick=False)
@pytest.mark.parametrize(
    ("day", "status"), [("0206-12-24", 400), ("2019-12-31", 400), ("2020-01-01", 200), ("2031-12-31", 200), ("2032-01-01", 400)]
)
def test_a_year_that_is_a_slip_of_the_finger_is_refused(vet: User, day: str, status: int) -> None:
    clinic = clinics.pending(vet)

    response = accounts.client_of(vet).put(url_of(clinic), [CLOSED, {"date": day, "is_closed": True}])

    assert response.status_code == status
    assert len(clinics.page_of(clinic).get_latest_revision_as_object().special_days()) == (2 if status == 200 else 0)
    if status == 400:
        assert response.json()["details"] == {"special_hours": [f"{day} is not between Jan. 1, 2020 and Dec. 31, 2031."]}


def test_saying_the_same_again_is_no_change(as_vet: APIClient, vet: User) -> None:
    clinic = clinics.pending(vet)
    as_vet.put(url_of(clinic), [SPLIT])
    before = clinics.page_of(clinic).latest_revision_id

    as_vet.put(url_of(clinic), [SPLIT])

    assert clinics.page_of(clinic).latest_revision_id == before


@pytest.mark.parametrize(
    "body",
    [
        [{"date": "2026-02-30", "is_closed": True}],
        [{"date": "2026-12-24"}],
        [{"date": "2026-12-24", "is_closed": True, "intervals": [{"open": "09:00", "close": "10:00"}]}],
        [{"date": "2026-12-24", "intervals": [{"open": "09:00", "close": "12:00"}, {"open": "11:00", "close": "13:00"}]}],
        [{"date": "2026-12-24", "intervals": [{"open": "09:00"}]}],
        {"date": "2026-12-24", "is_closed": True},
        [{"date": f"2{number:03}-01-01", "is_closed": True} for number in range(401)],
    ],
)
def test_what_is_no_exception_is_refused(as_vet: APIClient, vet: User, body: Any) -> None:
    clinic = clinics.pending(vet)

    assert as_vet.put(url_of(clinic), body).status_code == 400
    assert as_vet.get(url_of(clinic)).json() == []


def test_one_clinic_says_whether_it_is_open_and_until_when(api: APIClient) -> None:
    clinic = clinics.approved()

    for now, state in (
        (MONDAY_MORNING, (True, None, "2026-11-23T18:00:00+02:00")),
        ("2026-11-23T16:00:00+00:00", (False, "2026-11-24T09:00:00+02:00", None)),
    ):
        with time_machine.travel(now, tick=False):
            body = api.get(f"/api/v1/clinics/{clinic.pk}/").json()
        assert (body["is_open_now"], body["opens_at"], body["closes_at"]) == state


def test_nobody_guesses_where_hours_are_not_known(api: APIClient) -> None:
    clinic = clinics.approved(week=())

    body = api.get(f"/api/v1/clinics/{clinic.pk}/").json()

    assert (body["is_open_now"], body["opens_at"], body["closes_at"]) == (None, None, None)


def test_list_and_search_show_who_is_open(api: APIClient) -> None:
    clinic = clinics.approved()
    clinics.approved(week=())

    for path in ("/api/v1/clinics/", "/api/v1/clinics/search/"):
        for now, found in ((MONDAY_MORNING, [clinic.pk]), ("2026-11-23T20:00:00+00:00", [])):
            with time_machine.travel(now, tick=False):
                body = api.get(path, {"open_now": "true"}).json()
                assert (
                    [row["id"] for row in body.get("results", [])] == found
                    if isinstance(body, dict)
                    else [row["id"] for row in body] == found
                )
        later = api.get(path, {"open_at": "2026-11-24T10:00:00+02:00"}).json()
        rows = later["results"] if isinstance(later, dict) else later
        assert [row["id"] for row in rows] == [clinic.pk]
        assert api.get(path, {"open_at": "soon"}).status_code == 400


def test_what_is_kept_is_not_told_after_its_minute(api: APIClient) -> None:
    clinics.approved()
    query = {"lat": 60.17, "lng": 24.94}
    seen = []
    for now in ("2026-11-23T15:59:30+00:00", "2026-11-23T15:59:59+00:00", "2026-11-23T16:00:00+00:00"):
        with time_machine.travel(now, tick=False):
            seen.append(api.get("/api/v1/clinics/search/", query).json()["results"][0]["is_open_now"])

    assert seen == [True, True, False]


def test_the_link_to_the_next_page_asks_the_same(api: APIClient) -> None:
    for _ in range(2):
        clinics.approved()

    body = api.get("/api/v1/clinics/search/", {"open_at": "2026-11-24T10:00:00+02:00", "page_size": 1}).json()

    assert "open_at=2026-11-24T08%3A00%3A00%2B00%3A00" in body["next"]
    assert len(api.get(body["next"].removeprefix("http://testserver")).json()["results"]) == 1


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize("door", ["/api/v1/clinics/", "/api/v1/clinics/search/"])
def test_a_moment_at_the_end_of_the_calendar_is_refused(api: APIClient, door: str, moment: str) -> None:
    clinics.approved()

    answer = api.get(door, {"open_at": moment})

    assert (answer.status_code, list(answer.json()["details"])) == (400, ["open_at"])
