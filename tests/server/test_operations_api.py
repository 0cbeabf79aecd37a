"""Operations over HTTP: audit log, metrics, background tasks."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from rest_framework.test import APIClient

from fammo.accounts.audit import Verb
from fammo.accounts.models import User
from fammo.audit.models import Entry
from fammo.audit.services import record
from tests.factories import accounts

pytestmark = pytest.mark.django_db

ADMIN = "/api/v1/admin/"
RIGHTS = ("audit.view_entry", "server.view_operations", "server.control_operations")


@pytest.fixture
def operator() -> User:
    return accounts.grant(accounts.person("operator@fammo.example", is_staff=True), *RIGHTS)


@pytest.fixture
def desk(operator: User) -> APIClient:
    return accounts.client_of(operator)


def task(status: str = "FAILED", **fields: Any) -> DBTaskResult:
    values: dict[str, Any] = {
        "args_kwargs": {"args": ["secret@fammo.example"], "kwargs": {}},
        "task_path": "fammo.mail.tasks.deliver",
        "worker_ids": ["a", "b"],
        "run_after": timezone.now(),
        "exception_class_path": "OSError",
        "traceback": "secret",
        "backend_name": "default",
    }
    return DBTaskResult.objects.create(status=status, **values | fields)


class TestAudit:
    def test_it_is_read_newest_first(self, desk: APIClient, operator: User) -> None:
        person = accounts.person()
        record(Verb.ACTIVATED, actor=operator, target=person, before={"is_active": False}, after={"is_active": True})

        assert desk.get(f"{ADMIN}audit/").json()[0] == {
            "id": ANY,
            "recorded_at": ANY,
            "verb": "accounts.user.activated",
            "outcome": "done",
            "actor": operator.pk,
            "object_type": "accounts.user",
            "object_id": str(person.pk),
            "before": {"is_active": False},
            "after": {"is_active": True},
            "detail": "",
            "request_id": "",
        }

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("verb=accounts.user.activated", 1),
            ("filter[verb]=accounts.user.deactivated", 0),
            ("actor={actor}", 1),
            ("object_id={person}&object_type=accounts.user", 1),
            ("outcome=refused", 0),
            ("recorded_before=2001-01-01T00:00:00Z", 0),
            ("cursor=", 1),
        ],
    )
    def test_it_is_filtered(self, desk: APIClient, operator: User, query: str, found: int) -> None:
        person = accounts.person()
        record(Verb.ACTIVATED, actor=operator, target=person)

        answer = desk.get(f"{ADMIN}audit/?{query.format(actor=operator.pk, person=person.pk)}").json()

        assert len(answer["results"] if isinstance(answer, dict) else answer) == found

    def test_unknown_verb_is_refused(self, desk: APIClient) -> None:
        assert desk.get(f"{ADMIN}audit/?verb=x").status_code == 400


class TestMetrics:
    def test_every_app_tells_its_numbers(self, desk: APIClient) -> None:
        task()

        numbers = {row["name"]: row["value"] for row in desk.get(f"{ADMIN}metrics/").json()}

        assert numbers["accounts.active"] == 1
        assert numbers["accounts.logins"] == 1
        assert numbers["tasks.parked"] == 1
        assert {"pets.kept", "clinics.pending", "mail.queued"} <= set(numbers)


class TestTasks:
    def test_parked_ones_are_listed_without_what_they_were_called_with(self, desk: APIClient) -> None:
        parked = task()
        task("READY")

        answer = desk.get(f"{ADMIN}tasks/?state=parked")

        assert answer.json() == [
            {
                "id": str(parked.pk),
                "task_path": "fammo.mail.tasks.deliver",
                "state": "parked",
                "attempts": 2,
                "enqueued_at": ANY,
                "started_at": None,
                "finished_at": None,
                "run_after": ANY,
                "error": "OSError",
            }
        ]
        assert b"secret" not in desk.get(f"{ADMIN}tasks/{parked.pk}/").content

    def test_one_is_retried_and_it_is_in_the_log(self, desk: APIClient, operator: User) -> None:
        parked, other = task(), task()

        answer = desk.post(f"{ADMIN}tasks/{parked.pk}/retry/")

        assert (answer.status_code, answer.json()["state"], answer.json()["attempts"]) == (200, "queued", 0)
        assert DBTaskResult.objects.get(pk=other.pk).status == "FAILED"
        entry = Entry.objects.get(verb="jobs.task.retried")
        assert (entry.actor, entry.object_id, entry.detail) == (operator, str(parked.pk), "fammo.mail.tasks.deliver")

    def test_all_are_retried(self, desk: APIClient) -> None:
        task()
        task()

        assert desk.post(f"{ADMIN}tasks/retry/").json() == {"retried": 2}
        assert not DBTaskResult.objects.filter(status="FAILED").exists()
        assert Entry.objects.get(verb="jobs.tasks.retried").detail == "2"

    @pytest.mark.parametrize("status", ["READY", "RUNNING", "SUCCESSFUL"])
    def test_what_is_not_parked_is_left_alone(self, desk: APIClient, status: str) -> None:
        answer = desk.post(f"{ADMIN}tasks/{task(status).pk}/retry/")

        assert (answer.status_code, answer.json()["code"]) == (409, "task_not_parked")
        assert DBTaskResult.objects.get().status == status
        assert Entry.objects.get(outcome="refused").verb == "jobs.task.retried"

    def test_unknown_task_is_404(self, desk: APIClient) -> None:
        unknown = "00000000-0000-0000-0000-000000000000"

        assert desk.get(f"{ADMIN}tasks/{unknown}/").status_code == 404
        assert desk.post(f"{ADMIN}tasks/{unknown}/retry/").json()["code"] == "task_not_found"

    def test_seeing_is_not_controlling(self) -> None:
        reader = accounts.client_of(accounts.grant(accounts.person(is_staff=True), "server.view_operations"))
        parked = task()

        assert reader.get(f"{ADMIN}tasks/").status_code == 200
        assert reader.post(f"{ADMIN}tasks/{parked.pk}/retry/").status_code == 403
        assert reader.post(f"{ADMIN}tasks/retry/").status_code == 403
        assert DBTaskResult.objects.get().status == "FAILED"
