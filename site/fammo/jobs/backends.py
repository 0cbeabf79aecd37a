"""The queue in the database, with one thing more on each row: which request asked for the work."""

from __future__ import annotations

from typing import Any, ParamSpec, TypeVar

from django_tasks.base import Task
from django_tasks.utils import normalize_json
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult
from structlog.contextvars import get_contextvars

REQUEST_ID = "request_id"

P = ParamSpec("P")
T = TypeVar("T")


class TracedDatabaseBackend(DatabaseBackend):
    """django-tasks-db's backend; the row remembers the request id, so that the logs of the work can be found by it."""

    def _task_to_db_task(self, task: Task[P, T], args: Any, kwargs: Any) -> DBTaskResult:  # type: ignore[override]  # its ParamSpec is bound to nothing
        asked_by = get_contextvars().get(REQUEST_ID)
        row: DBTaskResult = DBTaskResult.objects.create(
            id=self._get_id(),
            args_kwargs=normalize_json({"args": args, "kwargs": kwargs} | ({REQUEST_ID: asked_by} if asked_by else {})),
            priority=task.priority,
            task_path=task.module_path,
            queue_name=task.queue_name,
            run_after=task.run_after,  # type: ignore[misc]  # a signal handler of the library fills a missing one in
            backend_name=self.alias,
        )
        return row
