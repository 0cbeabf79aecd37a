"""Find listed clinics on the map by their address."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from clinics import services
from clinics.geocoding import GeocoderUnavailable

# A geocoder that fails so often in a row is down.
PATIENCE = 5


class Command(BaseCommand):
    """Asks for clinics without coordinates; what clinics and moderators placed themselves is left alone."""

    help = "Find clinics without coordinates by their address, with the geocoder of GEOCODER."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="also those that are known no better than by their town")

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = list(services.waiting_for_a_place(again=options["again"]).values_list("pk", flat=True))
        placed = failed = in_a_row = 0
        with self._bar() as bar:
            for clinic_id in bar.track(waiting, description="Clinics"):
                try:
                    placed += services.locate_clinic(clinic_id=clinic_id, again=options["again"])
                    in_a_row = 0
                except GeocoderUnavailable as exc:
                    failed, in_a_row = failed + 1, in_a_row + 1
                    if in_a_row == PATIENCE:
                        raise CommandError(
                            f"The geocoder does not answer ({exc}). {placed} clinics were placed; run this again later."
                        ) from exc
        self.stdout.write(
            f"Clinics asked for: {len(waiting)}, placed: {placed}, not found: {len(waiting) - placed - failed}, failed: {failed}."
        )

    @staticmethod
    def _bar() -> Progress:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        return Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
