"""``manage.py tasks_status``: what is queued, running, waiting for another try, parked."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Count
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from fammo.jobs import services


class Command(BaseCommand):
    help = "Show queued, running and parked tasks; --retry gives the parked ones a fresh set of attempts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--retry", action="store_true", help="put every parked task back into the queue")

    def handle(self, *args: Any, retry: bool, **options: Any) -> None:
        if retry:
            self.stdout.write(f"{services.retry_parked()} parked tasks put back into the queue")
        counts = dict(DBTaskResult.objects.order_by().values_list("status").annotate(number=Count("pk")))
        self.stdout.write(f"queued   {counts.get(TaskResultStatus.READY, 0)}")
        self.stdout.write(f"running  {counts.get(TaskResultStatus.RUNNING, 0)}")
        self.stdout.write(f"parked   {counts.get(TaskResultStatus.FAILED, 0)}")
        self.stdout.write(f"done     {counts.get(TaskResultStatus.SUCCESSFUL, 0)}")
        for result in DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).order_by("finished_at")[:50]:
            error = result.traceback.strip().splitlines()[-1:] or ["?"]
            self.stdout.write(f"  {result.pk} {result.task_path} after {len(result.worker_ids)} attempts: {error[0][:160]}")
