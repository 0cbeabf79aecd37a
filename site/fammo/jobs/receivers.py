"""Listens to django-tasks: a task works under the id of the request that asked for it; a failed one is retried or parked."""

from __future__ import annotations

from typing import Any

import structlog
from django.conf import settings
from django_tasks import TaskResult, TaskResultStatus
from django_tasks_db.models import DBTaskResult
from structlog.contextvars import bind_contextvars, clear_contextvars

from .backends import REQUEST_ID
from .policy import is_moot
from .services import drop_moot, retry_or_park

logger = structlog.get_logger(__name__)


def on_task_started(sender: type, task_result: TaskResult[Any], **kwargs: Any) -> None:
    """Lines of the log, mails and further tasks carry the request's id; work done at once keeps the caller's own context."""
    if settings.ENVIRONMENT.tasks == "immediate":
        return
    request_id = _asked_by(task_result)
    clear_contextvars()
    bind_contextvars(task=task_result.task.module_path, task_id=task_result.id, request_id=request_id)


def _asked_by(task_result: TaskResult[Any]) -> str:
    if settings.ENVIRONMENT.tasks == "rq":
        from . import rq  # django-rq is installed but not configured unless TASKS=rq

        return rq.asked_by(task_result)
    request_id: str = task_result.db_result.args_kwargs.get(REQUEST_ID, "")  # type: ignore[attr-defined]  # DatabaseBackend's results have it
    return request_id


def on_task_finished(sender: type, task_result: TaskResult[Any], **kwargs: Any) -> None:
    if task_result.status != TaskResultStatus.FAILED or settings.ENVIRONMENT.tasks == "immediate":
        return
    task = task_result.task.module_path
    if is_moot(task, _failure_of(task_result)):
        _drop(task_result)
        logger.info("task dropped, its object is gone", task=task, task_id=task_result.id)
    elif not _retry(task_result):
        logger.error("task parked", task=task, task_id=task_result.id)


def _failure_of(task_result: TaskResult[Any]) -> str:
    if settings.ENVIRONMENT.tasks == "rq":
        from . import rq  # django-rq is installed but not configured unless TASKS=rq

        return rq.failure_of(task_result)
    return task_result.errors[-1].exception_class_path


def _drop(task_result: TaskResult[Any]) -> None:
    if settings.ENVIRONMENT.tasks == "rq":
        from . import rq  # django-rq is installed but not configured unless TASKS=rq

        rq.drop_moot(task_result)
    else:
        drop_moot(DBTaskResult.objects.get(pk=task_result.id))


def _retry(task_result: TaskResult[Any]) -> bool:
    if settings.ENVIRONMENT.tasks == "rq":
        from . import rq  # django-rq is installed but not configured unless TASKS=rq

        return rq.retry_or_park(task_result)
    row = DBTaskResult.objects.get(pk=task_result.id)
    return retry_or_park(row)
