"""``manage.py work``: one task worker, on whichever queue TASKS names."""

from __future__ import annotations

import threading
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django_tasks_db.management.commands.db_worker import Worker

from fammo.jobs.policy import DEFAULT_QUEUE, SLOW_QUEUE
from fammo.jobs.services import new_worker_id, recover_abandoned

POLL_SECONDS = 0.5


class Command(BaseCommand):
    help = "Run one worker until it is told to stop. Start as many as you like."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENVIRONMENT.tasks == "immediate":
            raise CommandError("TASKS=immediate does the work inside the request; there is nothing for a worker to do.")
        if settings.ENVIRONMENT.tasks == "rq":
            call_command("rqworker", DEFAULT_QUEUE, SLOW_QUEUE, job_class="django_tasks_rq.Job", with_scheduler=True, verbosity=0)
            return
        recover_abandoned()
        if not settings.ENVIRONMENT.openai_api_key:
            self._work("*")
            return
        for _number in range(settings.AI_WORKER_THREADS):
            threading.Thread(target=_wait_for_others, daemon=True).start()
        self._work(DEFAULT_QUEUE)

    @staticmethod
    def _work(queue: str) -> None:
        options = {"interval": POLL_SECONDS, "reload": False, "startup_delay": False, "verbosity": 0}
        call_command("db_worker", queue_name=queue, worker_id=new_worker_id(), **options)


def _wait_for_others() -> None:
    """Works on what waits for other people's servers; dies with the process, and its task is then recovered like any other."""
    Worker(
        queue_names=[SLOW_QUEUE],
        interval=POLL_SECONDS,
        batch=False,
        backend_name="default",
        startup_delay=True,
        max_tasks=None,
        worker_id=new_worker_id(),
        excluded_queue_names=[],
    ).run()
