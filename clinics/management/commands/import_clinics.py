"""Bring clinics in from a CSV or GeoJSON file."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import reset_queries
from django.utils import translation
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from clinics import policies, services
from clinics.importing import readers, words
from clinics.places import validate_country
from fammo.accounts.models import User
from fammo.common import languages
from fammo.common.errors import DomainError, InvalidInput
from fammo.mail.services import without_mail

NO_ID = "it has no external_id, so a second run could not know it again"


class Command(BaseCommand):
    """Re-runnable: a clinic is known again by the source's name and its id there. Each row is a transaction of its own."""

    help = "Import clinics from CSV or GeoJSON (OpenStreetMap's tags are understood); they wait in the moderation queue."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="the namespace of the file's ids (default: the file's name without its ending)")
        parser.add_argument("--language", default=languages.DEFAULT_CODE, choices=languages.CODES, help="of names and descriptions")
        parser.add_argument("--country", default="FI", help="two letters, for rows that name none (default: FI)")
        parser.add_argument("--approve-as", metavar="EMAIL", help="publish at once, as decisions of this moderator")
        parser.add_argument("--report", type=Path, help="write refused rows and remarks to this CSV file as well")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        self.source = options["source"] or path.stem
        self.language, self.country = options["language"], self._country(options["country"])
        self.moderator = self._moderator(options["approve_as"])
        self.counts: Counter[str] = Counter()
        try:
            kind = readers.format_of(path)
            with ExitStack() as stack:
                file = stack.enter_context(path.open("rb"))
                self.report = self._report(stack, options["report"])
                stack.enter_context(translation.override(languages.DEFAULT_CODE))
                stack.enter_context(without_mail())
                for record in self._shown(file, path.stat().st_size, readers.read(file, kind)):
                    self._take(record)
        except (OSError, readers.UnreadableFile) as exc:
            raise CommandError(f"{path.name}: {exc}. {self._summary()} Rows before that are in; correct it and run this again.") from exc
        self.stdout.write(self._summary())

    def _take(self, record: readers.Record) -> None:
        try:
            found = words.clinic_of(record, country=self.country)
            if not found.external_id:
                raise InvalidInput(NO_ID)
            outcome = services.import_clinic(
                external_id=f"{self.source}:{found.external_id}",
                changes=found.changes,
                language=self.language,
                approve_as=self.moderator,
            )
        except ValidationError as exc:
            self._say(record, "refused", _sentence(exc))
            return
        except DomainError as exc:
            self._say(record, "refused", _sentence_of_error(exc))
            return
        self.counts[outcome] += 1
        for note in found.notes:
            self._say(record, "remark", note)
        reset_queries()

    def _say(self, record: readers.Record, kind: str, sentence: str) -> None:
        self.counts[kind] += 1
        name = record.values.get("name", "")
        self.stdout.write(f"{record.place}: {kind}: {name + ': ' if name else ''}{sentence}")
        if self.report is not None:
            self.report.writerow([record.place, kind, name, sentence])

    def _summary(self) -> str:
        names = ("added", "changed", "unchanged", "kept", "refused", "remark")
        return "Clinics: " + ", ".join(f"{self.counts[name]} {name}" for name in names) + "."

    @staticmethod
    def _shown(file: BinaryIO, size: int, records: Iterator[readers.Record]) -> Iterator[readers.Record]:
        columns = (TextColumn("Clinics"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
            task = bar.add_task("", total=size)
            for record in records:
                yield record
                bar.update(task, completed=file.tell())

    @staticmethod
    def _report(stack: ExitStack, path: Path | None) -> Any:
        if path is None:
            return None
        report = csv.writer(stack.enter_context(path.open("w", encoding="utf-8", newline="")))
        report.writerow(["place", "kind", "name", "sentence"])
        return report

    @staticmethod
    def _country(code: str) -> str:
        try:
            validate_country(code.upper())
        except ValidationError as exc:
            raise CommandError(f"--country {code}: {exc.messages[0]}") from exc
        return code.upper()

    @staticmethod
    def _moderator(email: str | None) -> User | None:
        if email is None:
            return None
        user = User.objects.filter(email=User.normalise_email(email)).first()
        if user is None or not policies.is_moderator(user):
            raise CommandError(f"--approve-as {email}: this is nobody who may approve clinics.")
        return user


def _sentence(exc: ValidationError) -> str:
    if hasattr(exc, "message_dict"):
        return "; ".join(f"{name}: {' '.join(texts)}" for name, texts in exc.message_dict.items())
    return " ".join(exc.messages)


def _sentence_of_error(exc: DomainError) -> str:
    fields = "; ".join(f"{name}: {' '.join(map(str, texts))}" for name, texts in (exc.fields or {}).items())
    return fields or str(exc.message)
