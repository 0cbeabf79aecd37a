"""Load the demo content."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from home import demo


class Command(BaseCommand):
    """Idempotent: each object is made once, and what people changed or deleted since stays as it is."""

    help = "Load the demo content: people, legal documents, onboarding slides, clinics and pets."

    def handle(self, *args: Any, **options: Any) -> None:
        is_silent = options["verbosity"] == 0
        try:
            with self._bar(is_silent or not sys.stderr.isatty()) as bar:
                tasks = {name: bar.add_task(name.capitalize(), total=None, visible=False) for name in demo.PARTS}
                reports = demo.load_demo(
                    progress=lambda name, done, total: bar.update(tasks[name], completed=done, total=total, visible=True)
                )
        except (demo.DemoFailed, DatabaseError) as exc:
            raise CommandError(f"Demo content: {exc}") from exc
        if not is_silent:
            self._say(reports)

    def _say(self, reports: list[demo.PartReport]) -> None:
        if not any(report.made for report in reports):
            self.stdout.write("Demo content: everything was made before.")
        for report in reports:
            if report.made:
                self.stdout.write(f"Demo content: {report.made} of {report.wanted} {report.name} made")

    @staticmethod
    def _bar(is_disabled: bool) -> Progress:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        return Progress(*columns, console=Console(stderr=True), transient=True, disable=is_disabled)
