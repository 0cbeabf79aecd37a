"""The database triggers behind ``watch``: installed after every migrate on every watched table, and repaired if they differ."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.urls import get_resolver

CHANNEL = "fammo_tables"
COUNTERS = "api_tablechange"
ALL_TABLES = "*"
EVENTS = ("INSERT", "UPDATE", "DELETE")
SAFE_NAME = re.compile(r"[A-Za-z0-9_]+")

watched: set[str] = set()

SQLITE_TRIGGERS = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'api_changed_%'"
POSTGRESQL_TRIGGERS = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgname = 'api_changed' AND t.tgenabled <> 'D' AND pg_table_is_visible(c.oid)
"""
POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION api_table_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('{CHANNEL}', TG_TABLE_NAME); RETURN NULL; END $$
"""


def install(using: str = "default", **kwargs: Any) -> None:
    """Puts the triggers on every watched table (receiver of post_migrate) and tells all processes to look anew."""
    _know_every_view()
    database = connections[using]
    with transaction.atomic(using=using):
        present = set(database.introspection.table_names())
        if COUNTERS not in present:
            return  # this app is migrated away
        tables = sorted(watched & present)
        if database.vendor == "sqlite":
            _install_sqlite(database, tables)
        elif database.vendor == "postgresql":
            _install_postgresql(database, tables)


def _know_every_view() -> None:
    # The views name their tables when they are imported, and migrate imports none of them.
    _ = get_resolver().url_patterns


def _install_sqlite(database: BaseDatabaseWrapper, tables: Iterable[str]) -> None:
    with database.cursor() as cursor:
        cursor.execute(SQLITE_TRIGGERS.replace("%", "%%"))
        present = {name: text for _table, name, text in cursor.fetchall()}
        for table in tables:
            for event in EVENTS:
                name, text = _sqlite_trigger(table, event)
                if present.get(name) != text:
                    cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
                    cursor.execute(text)
            for statement in _sqlite_moves(table):
                cursor.execute(statement)


def _sqlite_trigger(table: str, event: str) -> tuple[str, str]:
    name = f"api_changed_{_safe(table)}_{event.lower()}"
    moves = " ".join(f"{statement};" for statement in _sqlite_moves(table))
    return name, f'CREATE TRIGGER "{name}" AFTER {event} ON "{table}" BEGIN {moves} END'


def _sqlite_moves(table: str) -> tuple[str, str]:
    # Two statements, because an outer INSERT OR IGNORE would take over the conflict clause of an upsert in here. A lost row
    # starts anywhere, so that it never comes back to a number that some process still holds.
    return (
        f"UPDATE api_tablechange SET version = version + 1 WHERE table_name = '{_safe(table)}'",  # noqa: S608
        f"INSERT INTO api_tablechange (table_name, version) SELECT '{table}', abs(random() >> 8) "  # noqa: S608
        f"WHERE NOT EXISTS (SELECT 1 FROM api_tablechange WHERE table_name = '{table}')",
    )


def guarded_tables_sqlite(rows: Iterable[tuple[str, str, str]]) -> set[str]:
    """The tables all of whose triggers are in place, from rows of ``SQLITE_TRIGGERS``."""
    present = {name: text for _table, name, text in rows}
    tables = {table for table, _name, _text in rows}
    return {
        table for table in tables if all(present.get(name) == text for name, text in (_sqlite_trigger(table, event) for event in EVENTS))
    }


def _install_postgresql(database: BaseDatabaseWrapper, tables: Iterable[str]) -> None:
    with database.cursor() as cursor:
        cursor.execute(POSTGRESQL_TRIGGERS)
        present = {table for (table,) in cursor.fetchall()}
        cursor.execute(POSTGRESQL_FUNCTION)
        for table in tables:
            if table not in present:
                cursor.execute(
                    f'CREATE OR REPLACE TRIGGER api_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "{_safe(table)}" '
                    "FOR EACH STATEMENT EXECUTE FUNCTION api_table_changed()"
                )
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, ALL_TABLES])


def _safe(table: str) -> str:
    if not SAFE_NAME.fullmatch(table):
        raise ValueError(f"The table {table!r} cannot be watched: its name needs quoting.")
    return table
