"""What happens to tasks that failed, were abandoned, or are due."""

from __future__ import annotations

import os
import secrets
import socket
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from fammo.audit.services import record

from .audit import Verb
from .errors import TaskNotFound, TaskNotParked
from .models import PeriodicRun
from .policy import GiveUp, periodic_jobs, policy_for

if TYPE_CHECKING:
    from fammo.accounts.models import User

ABANDONED_AFTER = timedelta(minutes=15)  # no task of ours runs this long
GIVE_UP_PATH = f"{GiveUp.__module__}.{GiveUp.__qualname__}"


def new_worker_id() -> str:
    """A name that tells which process on which machine works on a task, so that a dead one can be recognised."""
    return f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(4)}"


def retry_or_park(result: DBTaskResult) -> bool:
    """After a failure: put the same row back with a pause, or leave it failed, which is "parked". True when it will be retried."""
    policy = policy_for(result.task_path)
    attempts = len(result.worker_ids)
    if attempts >= policy.max_attempts or result.exception_class_path == GIVE_UP_PATH:
        return False
    run_after = timezone.now() + policy.delay_after(attempts)
    waiting = DBTaskResult.objects.filter(pk=result.pk, status=TaskResultStatus.FAILED)
    return bool(waiting.update(status=TaskResultStatus.READY, run_after=run_after, finished_at=None))


def drop_moot(result: DBTaskResult) -> None:
    """End a task whose object is gone: there is nothing left to do."""
    waiting = DBTaskResult.objects.filter(pk=result.pk, status=TaskResultStatus.FAILED)
    waiting.update(status=TaskResultStatus.SUCCESSFUL, exception_class_path="", traceback="")


def recover_abandoned() -> int:
    """Put tasks back whose worker died in the middle of them; returns how many.

    A worker of this machine is dead when its process is gone; any other is taken for dead after ``ABANDONED_AFTER``.
    """
    recovered = 0
    long_ago = timezone.now() - ABANDONED_AFTER
    for result in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).defer("return_value", "traceback"):
        abandoned = (
            result.started_at is None or result.started_at < long_ago or _is_dead(result.worker_ids[-1] if result.worker_ids else "")
        )
        if abandoned:
            running = DBTaskResult.objects.filter(pk=result.pk, status=TaskResultStatus.RUNNING, started_at=result.started_at)
            recovered += running.update(status=TaskResultStatus.READY, run_after=get_date_max())
    return recovered


@transaction.atomic
def retry_parked(*, actor: User | None = None) -> int:
    """Give every parked task a fresh set of attempts; returns how many. ``actor`` is None on the operator's console."""
    number = _put_back(DBTaskResult.objects.filter(status=TaskResultStatus.FAILED))
    record(Verb.ALL_RETRIED, actor=actor, target=None, detail=str(number))
    return number


@transaction.atomic
def retry_task(*, task_id: uuid.UUID, actor: User) -> DBTaskResult:
    """Give one parked task a fresh set of attempts; raises ``TaskNotFound`` and ``TaskNotParked``."""
    if not _put_back(DBTaskResult.objects.filter(pk=task_id, status=TaskResultStatus.FAILED)):
        raise TaskNotParked if DBTaskResult.objects.filter(pk=task_id).exists() else TaskNotFound
    result: DBTaskResult = DBTaskResult.objects.get(pk=task_id)
    record(Verb.RETRIED, actor=actor, target=result, detail=result.task_path)
    return result


def _put_back(parked: QuerySet[DBTaskResult]) -> int:
    return parked.update(status=TaskResultStatus.READY, run_after=get_date_max(), worker_ids=[], finished_at=None)


@transaction.atomic
def enqueue_due() -> list[str]:
    """Queue every periodic job whose time has come; safe to call as often and from as many places as one likes."""
    queued = []
    now = timezone.now()
    for path, (task, period) in periodic_jobs().items():
        _, created = PeriodicRun.objects.get_or_create(task_path=path, defaults={"last_enqueued_at": now})
        due = PeriodicRun.objects.filter(task_path=path, last_enqueued_at__lte=now - period)
        if created or due.update(last_enqueued_at=now):
            task.enqueue()
            queued.append(path)
    return queued


def _is_dead(worker_id: str) -> bool:
    host, _, rest = worker_id.partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname()[:32] or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
