"""Two processes of the mini project over one database, SQLite's or PostgreSQL's own."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from .process import Process

WORD_SECONDS = 0.25  # a few milliseconds, and room for a busy machine
SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"


class World:
    """One database, a process that answers, another that writes, and SQL from outside of both."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.reader, self.writer = Process(database), Process(database)

    def sql(self, statement: str) -> None:
        if "/" in self.database:
            with sqlite3.connect(self.database, timeout=30) as connection:
                connection.execute(statement)
            connection.close()
        else:
            with psycopg.connect(SERVER, dbname=self.database, autocommit=True) as connection:
                connection.execute(statement)

    def add(self, name: str) -> None:
        self.sql(f"INSERT INTO auth_group (name) VALUES ('{name}')")  # noqa: S608 - names of ours

    def names(self) -> list[str]:
        """What the next read answers; on PostgreSQL word of a commit takes a moment."""
        if "/" not in self.database:
            time.sleep(WORD_SECONDS)
        body: list[str] = self.reader.get()["body"]
        return [entry.split(":")[0] for entry in body]

    def close(self) -> None:
        self.reader.close()
        self.writer.close()


def sqlite_world(folder: Path) -> Iterator[World]:
    database = str(folder / "mini.sqlite3")
    world = World(database)
    world.writer.ask("migrate")
    yield world
    world.close()


def postgresql_world() -> Iterator[World]:
    database = f"fammo_api_{os.getpid()}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {database}")
        world = World(database)
        world.writer.ask("migrate")
        world.reader.get()
        wait_until(lambda: world.reader.get()["built"] == 0)
        yield world
        world.close()
        server.execute(f"DROP DATABASE {database} WITH (FORCE)")


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
