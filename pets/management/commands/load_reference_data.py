"""Bring the reference lists up to the data files of the repository."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from pets import services
from pets.reference_files import DIRECTORY, FILE_NAMES, ReferenceDataError
from pets.services.reference import ListReport


class Command(BaseCommand):
    """Idempotent; unchanged files are skipped, and what editors changed in the admin stays."""

    help = "Load pet types, breeds and the other reference lists from the repository's data files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--directory", type=Path, default=DIRECTORY, help="where the CSV files are (default: the repository's)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with self._bar() as bar:
                task = bar.add_task("Reference data", total=len(FILE_NAMES))
                reports = services.load_reference_data(directory=options["directory"], progress=lambda _name, _rows: bar.advance(task))
        except ReferenceDataError as exc:
            raise CommandError(str(exc)) from exc
        if options["verbosity"]:
            self._report(reports)

    def _report(self, reports: Sequence[ListReport]) -> None:
        if not reports:
            self.stdout.write("Reference data: nothing has changed.")
        for report in reports:
            self.stdout.write(
                f"{report.file_name}: {report.rows} rows, {report.added} added, {report.changed} changed, "
                f"{report.kept_edits} with edits kept, {report.retired} retired"
            )
            for note in report.notes:
                self.stdout.write(f"  {note}")

    def _bar(self) -> Progress:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        return Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
