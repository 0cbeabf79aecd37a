"""Bring the ingredient table up to the data file of the repository."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ai.pantry import load_ingredients
from pets.reference_files import ReferenceDataError


class Command(BaseCommand):
    """Idempotent; an unchanged file is skipped, and what editors changed in the admin stays."""

    help = "Load the ingredients of meal plans from the repository's data file."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_ingredients()
        except ReferenceDataError as exc:
            raise CommandError(str(exc)) from exc
        if not options["verbosity"]:
            return
        if report is None:
            self.stdout.write("Ingredients: nothing has changed.")
        else:
            self.stdout.write(
                f"{report.file_name}: {report.rows} rows, {report.added} added, {report.changed} changed, "
                f"{report.kept_edits} with edits kept, {report.retired} retired"
            )
