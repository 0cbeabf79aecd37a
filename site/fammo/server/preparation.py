"""Everything between a checkout and a server that can answer; each step repairs what an interrupted one left."""

from __future__ import annotations

import fcntl
import hashlib
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import distributions
from pathlib import Path

import redis
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection

from fammo.environment import Environment

STATIC_STAMP = ".complete"


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """One supervisor per DATA_DIR; the lock goes with the process, however it ends."""
    with (data_dir / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise CommandError(f"Another `make serve` already runs on DATA_DIR {data_dir}.") from exc
        yield


def refuse_busy_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as exc:
            raise CommandError(f"HOST {host} PORT {port} cannot be bound: {exc.strerror}. Set PORT to a free one.") from exc


def refuse_dead_services(environment: Environment) -> None:
    """What the environment names must answer; each refusal is one sentence that names the variable."""
    try:
        connection.ensure_connection()
    except DatabaseError as exc:
        raise CommandError(f"DATABASE_URL: the database does not answer: {_first_line(exc)}") from exc
    if environment.redis_url:
        try:
            redis.Redis.from_url(environment.redis_url, socket_connect_timeout=5).ping()
        except redis.RedisError as exc:
            raise CommandError(f"REDIS_URL: Redis does not answer: {_first_line(exc)}") from exc


def prepare(say: Callable[[str], object]) -> None:
    """Schema, reference data, demo content and static files, each brought up to date."""
    say("database")
    migrate_database()
    say("reference data")
    call_command("load_reference_data", verbosity=0)
    call_command("load_ingredients", verbosity=0)
    call_command("load_gazetteer", verbosity=0)
    say("demo content")
    call_command("seed_demo", verbosity=0)
    if not static_files_are_complete():
        say("static files")
        collect_static_files()


def migrate_database() -> None:
    """Bring the schema up to date; a SQLite file whose first migration never came to its end is begun anew.

    Django records a migration after the transaction that made its tables. Killed in between, every later run would find tables
    that it wants to make. Until the first run is through nothing in the file is anybody's, so it can be thrown away.
    """
    unfinished = _mark_of_first_migration()
    if unfinished and unfinished.exists():
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{connection.settings_dict['NAME']}{suffix}").unlink(missing_ok=True)
    if unfinished and not connection.introspection.table_names():
        unfinished.touch()
    call_command("migrate", interactive=False, verbosity=0)
    if unfinished:
        unfinished.unlink(missing_ok=True)


def _mark_of_first_migration() -> Path | None:
    """The file beside a SQLite database that is there as long as its first migration is not through."""
    return Path(f"{connection.settings_dict['NAME']}.unfinished") if connection.vendor == "sqlite" else None


def static_files_are_complete() -> bool:
    stamp = settings.STATIC_ROOT / STATIC_STAMP
    return stamp.exists() and stamp.read_text() == _static_state()


def collect_static_files() -> None:
    """Collected anew; the stamp is written last, so a half-copied file is never taken for a whole one."""
    (settings.STATIC_ROOT / STATIC_STAMP).unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    (settings.STATIC_ROOT / STATIC_STAMP).write_text(_static_state())


def _first_line(exc: Exception) -> str:
    return (str(exc).strip().splitlines() or [type(exc).__name__])[0]


def _static_state() -> str:
    """Changes when a library or a static file of our own does."""
    digest = hashlib.sha256(sys.version.encode())
    for distribution in sorted(f"{found.name}={found.version}" for found in distributions()):
        digest.update(distribution.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            source = Path(storage.path(path))
            if "site-packages" not in source.parts:
                digest.update(f"{path}:{source.stat().st_mtime_ns}".encode())
    return digest.hexdigest()
