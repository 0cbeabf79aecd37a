"""Tables whose rows are written once: database triggers refuse the rest to every door, SQL included (PostgreSQL and SQLite).

An app names its tables in ``ready()``: ``written_once.protect(self, Guard("audit_entry", keys=(("id",),)))``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate

MESSAGE = "written once: rows of this table can be neither changed nor deleted"
FUNCTION = "fammo_written_once"
EVENTS = ("update", "delete", "truncate", "replace")


@dataclass(frozen=True)
class Guard:
    """A table that is written once: its unique keys, and the one column (if any) that may become NULL when an account is erased."""

    table: str
    keys: tuple[tuple[str, ...], ...]
    forgettable: str = ""

    def changes(self, columns: list[str], distinct: str) -> str:
        """The WHEN of the update trigger: any change, but for emptying the forgettable column."""
        if not self.forgettable:
            return ""
        changed = [f"NEW.{column} {distinct} OLD.{column}" for column in columns if column != self.forgettable]
        return f"WHEN ({' OR '.join([f'NEW.{self.forgettable} IS NOT NULL', *changed])})"

    def replaces(self) -> str:
        """The WHEN of the insert trigger: a row with one of these keys is there already."""
        same_key = [" AND ".join(f"{column} = NEW.{column}" for column in key) for key in self.keys]
        return f"WHEN EXISTS (SELECT 1 FROM {self.table} WHERE {' OR '.join(f'({same})' for same in same_key)})"  # noqa: S608 - names of ours


_protected: dict[str, Guard] = {}


def protect(app: AppConfig, *guards: Guard) -> None:
    """Keeps the tables of an app guarded.

    The triggers are put in place after every migrate, not in one migration: SQLite rebuilds a table on many schema changes
    and drops its triggers with it.
    """

    def install_after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
        connection = connections[using]
        present = set(connection.introspection.table_names())
        # Migrating the app back to zero leaves nothing to guard.
        install(connection, [guard for guard in guards if guard.table in present])

    _protected.update({guard.table: guard for guard in guards})
    post_migrate.connect(install_after_migrate, sender=app, dispatch_uid=f"fammo.common.written_once.{app.label}", weak=False)


def install(connection: BaseDatabaseWrapper, guards: Sequence[Guard]) -> None:
    """Put the triggers of these tables in place; safe to repeat."""
    remove(connection, guards)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and guards:
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        for guard in guards:
            columns = [column.name for column in connection.introspection.get_table_description(cursor, guard.table)]
            statements = _postgresql(guard, columns) if connection.vendor == "postgresql" else _sqlite(guard, columns)
            for statement in statements:
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, guards: Sequence[Guard] | None = None) -> None:
    """Take the triggers of these tables (of all without any) away: only to put them back, or to empty a test database."""
    with connection.cursor() as cursor:
        for guard in _protected.values() if guards is None else guards:
            for event in EVENTS:
                on_table = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.table}_no_{event}{on_table}")


def _postgresql(guard: Guard, columns: list[str]) -> list[str]:
    table, act = guard.table, f"EXECUTE FUNCTION {FUNCTION}()"
    condition = guard.changes(columns, "IS DISTINCT FROM")
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {condition} {act}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {act}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {act}",
    ]


def _sqlite(guard: Guard, columns: list[str]) -> list[str]:
    table, act = guard.table, f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {guard.changes(columns, 'IS NOT')} {act}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {act}",
        # INSERT OR REPLACE removes the row that is in its way without firing a delete trigger.
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {guard.replaces()} {act}",
    ]
