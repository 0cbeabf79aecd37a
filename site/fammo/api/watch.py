"""Which tables changed: exact, at once, in every process, whichever door wrote (docs/decisions/0005-stored-answers.md).

Database triggers on the watched tables tell. On SQLite they move a counter per table, and each process keeps a connection
that only looks, so that it sees the commits of all others, this process's included. On PostgreSQL they NOTIFY, and one
thread per process listens; while it is not listening nothing is current.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import psycopg
import structlog
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from . import triggers

logger = structlog.get_logger("fammo.api")

Versions = tuple[int, ...]

WAL_HEAD_BYTES = 96
IDENTITY_SECONDS = 1.0
HEARTBEAT_SECONDS = 5.0
RECONNECT_SECONDS = 1.0


def tables_of(watched: Iterable[type[models.Model]]) -> tuple[str, ...]:
    """The tables that hold these models: a page has its own and Wagtail's, a proxy has its original's."""
    tables = {
        model._meta.concrete_model._meta.db_table
        for chosen in watched
        for model in (chosen, *chosen._meta.get_parent_list())
        if model._meta.concrete_model is not None
    }
    return tuple(sorted(tables))


def watch(*watched: type[models.Model]) -> tuple[str, ...]:
    """Has the tables of these models watched (from the next ``migrate`` on) and names them."""
    tables = tables_of(watched)
    triggers.watched.update(tables)
    return tables


class SQLiteWatcher:
    """Looks at the change counters through one connection of its own that never writes.

    ``PRAGMA data_version`` on it would tell of every commit, but each call lets go of the interpreter lock, and among busy
    threads getting it back takes longer than the whole answer. In WAL mode the pragma only compares the head of the
    WAL index, 96 bytes of shared memory in a documented format (sqlite.org/walformat.html): those are compared here. Every
    commit of any process changes them before it is acknowledged; when they differ, the counters are read anew.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.lock = threading.Lock()
        self.known: Mapping[str, int] | None = None
        self.head: ctypes.Array[ctypes.c_char] | None = None
        self.seen: object = None
        self.trusted_until = 0.0
        self.connection: sqlite3.Connection | None = None
        self.identity: object = None

    def versions(self) -> Mapping[str, int] | None:
        if self.head is not None and self.head.raw == self.seen and time.monotonic() < self.trusted_until:
            return self.known
        with self.lock:
            try:
                return self._look()
            except (OSError, sqlite3.Error):
                self._disconnect()
                return None

    def _look(self) -> Mapping[str, int] | None:
        identity = self._identify()
        if self.connection is None or identity != self.identity:
            self._connect()
            identity = self._identify()
        assert self.connection is not None  # noqa: S101 - _connect raises or connects
        # Taken before the counters are read: a commit in between is then seen as a change once more, never missed.
        stamp = self.head.raw if self.head is not None else self._data_version()
        if stamp != self.seen:
            self.known = self._read(self.connection)
        self.seen, self.identity, self.trusted_until = stamp, identity, time.monotonic() + IDENTITY_SECONDS
        return self.known

    def _identify(self) -> object:
        # An operator may put back a copy of the file while we hold the old one open.
        found = os.stat(self.path)
        return found.st_dev, found.st_ino

    def _connect(self) -> None:
        self._disconnect()
        uri = f"{Path(self.path).absolute().as_uri()}?mode=rw"
        self.connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=1, check_same_thread=False)
        self.connection.execute("PRAGMA query_only = ON")
        self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # opens the WAL index
        index = Path(f"{self.path}-shm")
        if self.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal" and index.exists():
            self.head = _map_head(index)

    def _disconnect(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = self.head = self.seen = self.known = None

    def _data_version(self) -> object:
        assert self.connection is not None  # noqa: S101 - called when connected
        return self.connection.execute("PRAGMA data_version").fetchone()

    @staticmethod
    def _read(connection: sqlite3.Connection) -> dict[str, int]:
        guarded = triggers.guarded_tables_sqlite(connection.execute(triggers.SQLITE_TRIGGERS).fetchall())
        moved = dict(connection.execute("SELECT table_name, version FROM api_tablechange").fetchall())
        return {table: moved.get(table, 0) for table in guarded}


def _map_head(index: Path) -> ctypes.Array[ctypes.c_char] | None:
    """The two copies of the WAL index header, as they are in shared memory; None where memory cannot be mapped so."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
    # Never closed, on purpose: closing any descriptor of this file would drop the locks that SQLite holds on it (POSIX).
    descriptor = os.open(index, os.O_RDONLY | os.O_CLOEXEC)
    address = libc.mmap(None, mmap.PAGESIZE, mmap.PROT_READ, mmap.MAP_SHARED, descriptor, 0)
    if address is None or address == ctypes.c_void_p(-1).value:
        return None
    return (ctypes.c_char * WAL_HEAD_BYTES).from_address(address)


class PostgreSQLWatcher:
    """Listens on a connection of its own; knows nothing while that is down."""

    def __init__(self, conninfo: dict[str, Any]) -> None:
        self.conninfo = conninfo
        self.known: dict[str, int] | None = None
        self.clock = time.time_ns()
        self.stopped = threading.Event()

    def versions(self) -> Mapping[str, int] | None:
        return self.known

    def start(self) -> PostgreSQLWatcher:
        self.thread = threading.Thread(target=self._listen_for_ever, name="fammo-table-changes", daemon=True)
        self.thread.start()
        return self

    def stop(self) -> None:
        """Ends the listener; it is gone within a heartbeat."""
        self.stopped.set()

    def _listen_for_ever(self) -> None:
        while not self.stopped.is_set():
            try:
                self._listen()
            except psycopg.Error as exc:
                logger.warning("table_changes_unheard", reason=str(exc).strip())
            self.stopped.wait(RECONNECT_SECONDS)

    def _listen(self) -> None:
        with psycopg.connect(**self.conninfo, autocommit=True) as connection:
            try:
                connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(triggers.CHANNEL)))
                self._take_stock(connection)
                while not self.stopped.is_set():
                    # As a list: while the generator is open it holds the connection's lock.
                    notices = list(connection.notifies(timeout=HEARTBEAT_SECONDS, stop_after=1))
                    for notice in notices:
                        self._note(connection, notice.payload)
                    connection.execute("SELECT 1")  # a dead line must not look like silence
            finally:
                self.known = None  # before anything else: from here on nothing is heard

    def _take_stock(self, connection: psycopg.Connection[Any]) -> None:
        rows = connection.execute(triggers.POSTGRESQL_TRIGGERS).fetchall()
        self.known = {table: self._tick() for (table,) in rows}

    def _note(self, connection: psycopg.Connection[Any], table: str) -> None:
        if table == triggers.ALL_TABLES:
            self._take_stock(connection)
        elif self.known is not None and table in self.known:
            self.known = self.known | {table: self._tick()}

    def _tick(self) -> int:
        self.clock += 1
        return self.clock


Watcher = SQLiteWatcher | PostgreSQLWatcher

_watchers: dict[tuple[str, str], Watcher] = {}
_watchers_lock = threading.Lock()
_of_the_parent: list[Watcher] = []


def _watcher(database: BaseDatabaseWrapper) -> Watcher | None:
    key = (database.vendor, str(database.settings_dict["NAME"]))
    found = _watchers.get(key)
    return found or _new_watcher(key, database)


def _new_watcher(key: tuple[str, str], database: BaseDatabaseWrapper) -> Watcher | None:
    vendor, name = key
    with _watchers_lock:
        if key in _watchers:
            return _watchers[key]
        if vendor == "sqlite" and "mode=memory" not in name and name != ":memory:":
            _watchers[key] = SQLiteWatcher(name)
        elif vendor == "postgresql":
            _watchers[key] = PostgreSQLWatcher(_listener_parameters(database)).start()
        return _watchers.get(key)


def stop() -> None:
    """Let go of every database, for who wants to drop one; the next look begins anew."""
    with _watchers_lock:
        watchers = list(_watchers.values())
        _watchers.clear()
    for watcher in watchers:
        if isinstance(watcher, PostgreSQLWatcher):
            watcher.stop()
            watcher.thread.join()


def _begin_anew_after_fork() -> None:
    global _watchers_lock
    # Kept, not closed: a child that closes its parent's connections would end them for the parent too.
    _of_the_parent.extend(_watchers.values())
    _watchers.clear()
    _watchers_lock = threading.Lock()


os.register_at_fork(after_in_child=_begin_anew_after_fork)


def _listener_parameters(database: BaseDatabaseWrapper) -> dict[str, Any]:
    parameters = database.get_connection_params()
    wanted = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "service")
    chosen = {name: parameters[name] for name in wanted if name in parameters}
    return chosen | {
        "application_name": "fammo table changes",
        "connect_timeout": 5,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
    }


def versions() -> Mapping[str, int] | None:
    """The change counter of every watched table right now; None when that cannot be known.

    It cannot be known inside an open transaction either: what is read there may never come to be.
    """
    database = connections["default"]
    if database.in_atomic_block:
        return None
    watcher = _watcher(database)
    return watcher.versions() if watcher else None


def versions_of(tables: tuple[str, ...]) -> Versions | None:
    """The counters of these tables; None when one of them is not known."""
    known = versions()
    if known is None:
        return None
    try:
        return tuple([known[table] for table in tables])
    except KeyError:
        return None
