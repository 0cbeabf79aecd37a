"""``manage.py enqueue_due``: queue the periodic jobs whose time has come (for cron or a Kubernetes CronJob)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from fammo.jobs import services


class Command(BaseCommand):
    help = "Queue every periodic job whose time has come. Idempotent: call it every minute from wherever you like."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in services.enqueue_due():
            self.stdout.write(path)
