"""A test database, put back exactly: rows, not transactions."""

from __future__ import annotations

from collections.abc import Callable

from django.db.backends.base.base import BaseDatabaseWrapper


def take(database: BaseDatabaseWrapper) -> Callable[[], None]:
    """Remember every row; the answer puts them back."""
    return _of_postgresql(database) if database.vendor == "postgresql" else _of_sqlite(database)


def _of_sqlite(database: BaseDatabaseWrapper) -> Callable[[], None]:
    with database.cursor() as cursor:
        tables = database.introspection.table_names(cursor)
        kept = {table: cursor.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables}

    def restore() -> None:
        with database.constraint_checks_disabled(), database.cursor() as cursor:
            for table, rows in kept.items():
                cursor.execute(f'DELETE FROM "{table}"')
                for row in rows:
                    cursor.execute(f'INSERT INTO "{table}" VALUES ({", ".join(["%s"] * len(row))})', row)

    return restore


def _of_postgresql(database: BaseDatabaseWrapper) -> Callable[[], None]:
    tables = database.introspection.table_names()
    with database.cursor() as cursor:
        cursor.execute("CREATE SCHEMA kept")
        for table in tables:
            cursor.execute(f'CREATE TABLE kept."{table}" AS TABLE public."{table}"')

    def restore() -> None:
        with database.cursor() as cursor:
            # As a replica would: no trigger and no foreign key has a say.
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("TRUNCATE {}".format(", ".join(f'public."{table}"' for table in tables)))
            for table in tables:
                cursor.execute(f'INSERT INTO public."{table}" SELECT * FROM kept."{table}"')
            cursor.execute("SET session_replication_role = DEFAULT")
            cursor.execute("DROP SCHEMA kept CASCADE")

    return restore
