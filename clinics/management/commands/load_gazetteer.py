"""Bring the towns up to the repository's file."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from clinics import services


class Command(BaseCommand):
    """Idempotent; a file that is loaded already is left alone."""

    help = "Load the towns that addresses are found by without the internet."

    def handle(self, *args: Any, **options: Any) -> None:
        count = services.load_gazetteer()
        if options["verbosity"]:
            self.stdout.write(f"Gazetteer: {count} towns." if count else "Gazetteer: nothing has changed.")
