"""``export_person EMAIL FILE``: what ``me/export/`` makes, for somebody who asks in writing."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fammo.accounts.audit import Verb, record
from fammo.accounts.exporting import write_archive
from fammo.accounts.models import User


class Command(BaseCommand):
    help = "Write everything that is known about a person into a ZIP file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address of the account")
        parser.add_argument("file", type=Path, help="the file to write; it must not exist yet")

    def handle(self, *args: Any, email: str, file: Path, **options: Any) -> None:
        user = User.objects.select_related("profile").filter(email=User.normalise_email(email)).first()
        if user is None:
            raise CommandError("Nobody has an account with this address.")
        try:
            # Readable by the operator alone: it is somebody's whole life with their pets.
            file.touch(mode=0o600, exist_ok=False)
        except OSError as exc:
            raise CommandError(f"{file} cannot be written: {exc.strerror}.") from exc
        try:
            with file.open("wb") as target:
                write_archive(user=user, target=target)
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        record(Verb.EXPORT_REQUESTED, user=user, actor=None)
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes.")
