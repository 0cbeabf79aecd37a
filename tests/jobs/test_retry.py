"""Failed tasks come back with growing pauses and are parked in the end; tasks of dead workers come back at once."""

from __future__ import annotations

import contextlib
import socket
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO

import pytest
import structlog
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from modelsearch.tasks import insert_or_update_object_task
from wagtail.tasks import update_reference_index_task

from fammo.jobs import services
from fammo.jobs.models import PeriodicRun
from tests.jobs import sample

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_calls() -> Iterator[None]:
    sample.calls.clear()
    yield
    sample.calls.clear()


def test_failed_task_is_tried_again_after_a_pause(run_tasks: Callable[[], int]) -> None:
    sample.fails_once.enqueue("a")
    run_tasks()
    waiting = DBTaskResult.objects.get()

    run_tasks()  # too early
    with time_machine.travel(timezone.now() + timedelta(seconds=11)):
        run_tasks()

    assert waiting.status == TaskResultStatus.READY
    assert sample.calls == ["a", "a"]
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL


def test_task_that_keeps_failing_is_parked_and_can_be_revived(run_tasks: Callable[[], int]) -> None:
    sample.always_fails.enqueue("a")

    for hours in range(5):
        with time_machine.travel(timezone.now() + timedelta(hours=hours)):
            run_tasks()

    assert sample.calls == ["a", "a", "a"]
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED
    shown = StringIO()
    call_command("tasks_status", stdout=shown)
    assert "parked   1" in shown.getvalue()
    assert "the mail server is away" in shown.getvalue()

    call_command("tasks_status", retry=True, stdout=StringIO())
    run_tasks()
    assert len(sample.calls) == 4


def test_pause_doubles(run_tasks: Callable[[], int]) -> None:
    sample.always_fails.enqueue("a")
    run_tasks()
    first = DBTaskResult.objects.get().run_after - timezone.now()

    with time_machine.travel(timezone.now() + timedelta(seconds=11)):
        run_tasks()
        second = DBTaskResult.objects.get().run_after - timezone.now()

    assert timedelta(seconds=8) < first <= timedelta(seconds=10)
    assert timedelta(seconds=18) < second <= timedelta(seconds=20)


def test_task_that_gives_up_is_parked_at_once(run_tasks: Callable[[], int]) -> None:
    sample.knows_better.enqueue("a")

    run_tasks()

    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED


def test_librarys_task_about_an_object_that_is_gone_ends_quietly(run_tasks: Callable[[], int]) -> None:
    update_reference_index_task.enqueue("accounts", "user", 404)
    insert_or_update_object_task.enqueue("accounts", "user", 404)

    with structlog.testing.capture_logs() as lines:
        run_tasks()

    assert {row.status for row in DBTaskResult.objects.all()} == {TaskResultStatus.SUCCESSFUL}
    assert [(line["log_level"], line["event"]) for line in lines if "task_id" in line] == [("info", "task dropped, its object is gone")] * 2


def test_task_of_our_own_that_misses_an_object_is_parked(run_tasks: Callable[[], int]) -> None:
    sample.misses_its_object.enqueue("a")

    run_tasks()

    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED


def test_task_of_a_rolled_back_write_is_never_queued() -> None:
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        sample.always_fails.enqueue("a")
        _ = 1 / 0

    assert not DBTaskResult.objects.exists()


def test_task_of_a_killed_worker_comes_back_at_once(run_tasks: Callable[[], int]) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    _running(worker_id=f"{socket.gethostname()[:32]}:{gone.pid}:abcd", started=timezone.now())

    assert services.recover_abandoned() == 1
    assert DBTaskResult.objects.ready().count() == 1


def test_task_of_a_living_worker_is_left_alone() -> None:
    _running(worker_id=services.new_worker_id(), started=timezone.now())

    assert services.recover_abandoned() == 0


@pytest.mark.parametrize(("minutes", "recovered"), [(14, 0), (16, 1)])
def test_task_of_another_machine_comes_back_when_it_takes_too_long(minutes: int, recovered: int) -> None:
    _running(worker_id="elsewhere:1:abcd", started=timezone.now() - timedelta(minutes=minutes))

    assert services.recover_abandoned() == recovered


def test_periodic_jobs_are_queued_once_per_period() -> None:
    first = services.enqueue_due()
    again = services.enqueue_due()

    PeriodicRun.objects.filter(task_path="fammo.jobs.tasks.recover_abandoned_tasks").update(
        last_enqueued_at=timezone.now() - timedelta(minutes=2)
    )
    later = services.enqueue_due()

    assert "fammo.jobs.tasks.publish_scheduled_pages" in first
    assert again == []
    assert later == ["fammo.jobs.tasks.recover_abandoned_tasks"]


def test_every_periodic_job_runs(run_tasks: Callable[[], int]) -> None:
    queued = services.enqueue_due()

    run_tasks()

    assert DBTaskResult.objects.successful().count() == len(queued)


def _running(*, worker_id: str, started: timezone.datetime) -> None:
    sample.always_fails.enqueue("a")
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, worker_ids=[worker_id], started_at=started)
