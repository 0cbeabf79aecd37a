"""A database that was killed while it was first made is made again; one that was ever complete is never thrown away."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fammo.server import preparation


def tables(path: Path) -> list[str]:
    with sqlite3.connect(path) as database:
        return [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A SQLite file with one table; migrating it makes another, and fails where that is there already, as Django's does."""
    path = tmp_path / "fammo.sqlite3"

    def migrate(*args: Any, **kwargs: Any) -> None:
        with sqlite3.connect(path) as file:
            file.execute("CREATE TABLE made_by_migration (id)")

    stand_in = SimpleNamespace(
        vendor="sqlite", settings_dict={"NAME": path}, close=lambda: None, introspection=SimpleNamespace(table_names=lambda: tables(path))
    )
    monkeypatch.setattr(preparation, "connection", stand_in)
    monkeypatch.setattr(preparation, "call_command", migrate)
    return path


def test_first_migration_that_was_killed_begins_anew(database: Path) -> None:
    with sqlite3.connect(database) as file:
        file.execute("CREATE TABLE made_by_migration (id)")
    mark = Path(f"{database}.unfinished")
    mark.touch()

    preparation.migrate_database()

    assert tables(database) == ["made_by_migration"]
    assert not mark.exists()


def test_mark_stands_while_the_first_migration_runs(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(preparation, "call_command", lambda *args, **kwargs: seen.append(Path(f"{database}.unfinished").exists()))

    preparation.migrate_database()

    assert seen == [True]
    assert not Path(f"{database}.unfinished").exists()


def test_database_with_data_is_only_migrated(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite3.connect(database) as file:
        file.execute("CREATE TABLE of_somebody (id)")
    seen = []
    monkeypatch.setattr(preparation, "call_command", lambda *args, **kwargs: seen.append(Path(f"{database}.unfinished").exists()))

    preparation.migrate_database()

    assert seen == [False]
    assert tables(database) == ["of_somebody"]
