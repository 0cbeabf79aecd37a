"""``manage.py translation_status``: how much of the content each language has."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.table import Table

from home.translations import OTHER_CODES, Coverage, coverage


class Command(BaseCommand):
    help = "Show how much of the slides, legal texts and reference lists is translated, by language."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--language", choices=OTHER_CODES, help="this language alone")

    def handle(self, *args: Any, language: str | None, **options: Any) -> None:
        rows = [row for row in coverage() if language in (None, row.language)]
        if self.stdout.isatty():
            Console().print(_table(rows))
            return
        for row in rows:
            self.stdout.write(f"{row.language}  {row.percent:3}%  {row.done}/{row.total}  {row.subject}")


def _table(rows: list[Coverage]) -> Table:
    table = Table("content", *OTHER_CODES)
    for subject in dict.fromkeys(row.subject for row in rows):
        by_language = {row.language: f"{row.done}/{row.total}" for row in rows if row.subject == subject}
        table.add_row(subject, *(by_language.get(code, "") for code in OTHER_CODES))
    return table
