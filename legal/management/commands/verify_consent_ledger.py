from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from legal import ledger


class Command(BaseCommand):
    """Checks the consent ledger and names the first bad row; exit 1 when there is one."""

    help = "Check the consent ledger against itself and its signed heads: every event, the texts they name, the states derived from them."

    def handle(self, *args: Any, **options: Any) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, transient=True, disable=not self.stdout.isatty()) as progress:
            bar = progress.add_task("Consent ledger", total=ledger.count_events())
            report = ledger.verify(lambda checked: progress.update(bar, completed=checked))
        if report.fault:
            raise CommandError(f"The consent ledger is broken at {report.fault.where}: {report.fault.why}.")
        self.stdout.write(f"The consent ledger is sound: {report.events} events, head {report.head}, {report.signed} signed heads.")
