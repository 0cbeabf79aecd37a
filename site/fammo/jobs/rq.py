"""The queue on Redis (TASKS=rq): queued after the commit, retried by the same policy as on the database."""

from __future__ import annotations

from functools import partial
from typing import Any

import django_rq
from django.db import transaction
from django.utils import timezone
from django_rq.queues import DjangoRQ
from django_tasks import TaskResult
from django_tasks.base import Task, TaskResultStatus
from django_tasks.utils import get_random_id
from django_tasks_rq import Job, RQBackend
from django_tasks_rq.backend import get_module_path
from structlog.contextvars import get_contextvars

from .backends import REQUEST_ID
from .policy import GiveUp, policy_for


class TracedQueue(DjangoRQ):
    """A queue whose jobs remember which request asked for them."""

    def create_job(self, *args: Any, meta: dict[str, Any] | None = None, **kwargs: Any) -> Job:
        asked_by = get_contextvars().get(REQUEST_ID)
        return super().create_job(*args, meta=(meta or {}) | ({REQUEST_ID: asked_by} if asked_by else {}), **kwargs)


class TransactionalRQBackend(RQBackend):
    """RQ whose jobs appear only when the write that asked for them is committed; a worker can never read too early.

    It takes tasks of any priority; only the highest of all goes to the head of the queue.
    """

    supports_priority = True

    def enqueue(self, task: Task[..., Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        if not transaction.get_connection().in_atomic_block:
            return super().enqueue(task, args, kwargs)
        transaction.on_commit(partial(super().enqueue, task, args, kwargs))
        return TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=args,
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def asked_by(task_result: TaskResult[Any]) -> str:
    """The id of the request that asked for this work; empty if nobody did."""
    request_id: str = _job_of(task_result).meta.get(REQUEST_ID, "")
    return request_id


def _job_of(task_result: TaskResult[Any]) -> Job:
    return Job.fetch(task_result.id, connection=django_rq.get_connection())


def retry_or_park(task_result: TaskResult[Any]) -> bool:
    """Queue another attempt after a pause, or leave the job in RQ's failed registry, which is "parked"."""
    job = _job_of(task_result)
    attempts = job.meta.get("fammo_attempts", 1)
    policy = policy_for(task_result.task.module_path)
    gave_up = failure_of(task_result) == get_module_path(GiveUp)
    if gave_up or attempts >= policy.max_attempts:
        return False
    later = task_result.task.using(run_after=timezone.now() + policy.delay_after(attempts))
    again = _job_of(later.enqueue(*task_result.args, **task_result.kwargs))
    again.meta["fammo_attempts"] = attempts + 1
    again.save_meta()
    _forget(job)  # superseded by the new attempt
    return True


def failure_of(task_result: TaskResult[Any]) -> str:
    """The path of the exception that ended the last attempt; RQ stores its own result of it only later."""
    path: str = _job_of(task_result).meta.get("_django_tasks_rq_exceptions", [""])[-1]
    return path


def drop_moot(task_result: TaskResult[Any]) -> None:
    """End a job whose object is gone: there is nothing left to do."""
    _forget(_job_of(task_result))


def _forget(job: Job) -> None:
    """Failed, but not parked: RQ removes it after a minute."""
    job.failure_ttl = 60
    job.save(include_meta=False)
