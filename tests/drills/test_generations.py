"""The month's quota under 200 requests at once and under kill -9, on two server processes, one worker and PostgreSQL."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.ai.model_server import Call, ModelServer, Reply, example_of, serving
from tests.server.running import Server, processes_of, running

pytestmark = [pytest.mark.server, pytest.mark.postgres]

REQUESTS = 200
ALLOWED = 3
ANNA = {"email": "anna@fammo.example", "password": "fammo-demo-2026"}
MEALS = "/api/v1/ai/recommendations/"
PATIENCE_SECONDS = 120
FREED_WITHIN_SECONDS = 300


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """A database of these drills' own on the server of DATABASE_URL."""
    server, _, _name = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1).rpartition("/")
    name = f"fammo_drill_ai_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    yield f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def model_server() -> Iterator[ModelServer]:
    with serving() as model:
        yield model


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, database: str, model_server: ModelServer) -> Iterator[Server]:
    data_dir = tmp_path_factory.mktemp("server") / "data"
    data_dir.mkdir()
    settings = {
        "DATABASE_URL": database.replace("postgresql://", "postgres://", 1),
        "WEB_CONCURRENCY": "2",
        "WEB_THREADS": "8",
        "WORKERS": "1",
        "RATE_LIMIT_SCALE": "0",
        "OPENAI_API_KEY": "sk-drill",
        "OPENAI_BASE_URL": model_server.url,
    }
    with running(Server(data_dir, **settings)) as made:
        yield made


@pytest.fixture
def model(model_server: ModelServer, server: Server, database: str) -> ModelServer:
    """The model's server as if nothing had ever been asked; the month is new as well."""
    with psycopg.connect(database) as connection:
        connection.execute("TRUNCATE ai_monthlyuse, ai_modelcircuit CASCADE")
    model_server.answer = example_of
    model_server.calls.clear()
    return model_server


class Phone:
    """Anna's app on this server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.token = ""
        self.token = self.ask("POST", "/api/v1/auth/token/", ANNA)[1]["access"]
        pets = self.ask("GET", "/api/v1/pets/")[1]
        self.dog = next(pet["id"] for pet in pets if pet["pet_type"] == 1)

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON; status 0 when the connection broke."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.server.port}{path}", data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - our own server
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            return 0, None

    def make_meal(self) -> tuple[int, Any]:
        return self.ask("POST", MEALS, {"pet_id": self.dog})


def rows(database: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute(sql).fetchall()


def eventually(condition: Callable[[], bool], seconds: float) -> float:
    """Waits for the condition; gives how long it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not come to pass"
        time.sleep(0.5)
    return time.monotonic() - began


def charged_and_stored(database: str) -> tuple[int, int]:
    """What anna's month says, and what she has (the demo's own plan is nobody's charge)."""
    used = rows(database, "SELECT coalesce(sum(used), 0) FROM ai_monthlyuse WHERE kind = 'meal'")[0][0]
    stored = rows(
        database,
        "SELECT count(*) FROM ai_mealrecommendation r JOIN ai_generation g ON g.id = r.generation_id"
        " WHERE g.state = 'committed' AND g.usage_count > 0",
    )[0][0]
    return int(used), int(stored)


def test_200_at_once_on_a_plan_of_three(server: Server, database: str, model: ModelServer) -> None:
    phone = Phone(server)
    start = threading.Barrier(REQUESTS)
    answers: list[tuple[int, Any]] = []

    def attack() -> None:
        start.wait()
        answers.append(phone.make_meal())

    threads = [threading.Thread(target=attack) for _ in range(REQUESTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    eventually(lambda: not rows(database, "SELECT 1 FROM ai_generation WHERE state = 'reserved'"), PATIENCE_SECONDS)

    statuses = Counter(status for status, _body in answers)
    print(dict(statuses), "model calls", len(model.calls))
    assert statuses[201] + statuses[202] == ALLOWED
    assert statuses[429] == REQUESTS - ALLOWED
    assert {body["code"] for status, body in answers if status == 429} == {"quota_used_up"}
    assert charged_and_stored(database) == (ALLOWED, ALLOWED)
    assert len(model.calls) == ALLOWED
    assert phone.make_meal()[0] == 429


@pytest.mark.parametrize("victims", ["manage.py\0work", "granian", ""])
def test_kill_in_the_middle_loses_nothing_and_gives_nothing_away(server: Server, database: str, model: ModelServer, victims: str) -> None:
    phone = Phone(server)
    asked = threading.Event()

    def slow_once(call: Call) -> Reply:
        asked.set()
        reply = example_of(call)
        return Reply(reply.content, delay=20) if call.number == 1 else reply

    model.answer = slow_once
    outcome: list[tuple[int, Any]] = []
    request = threading.Thread(target=lambda: outcome.append(phone.make_meal()))
    request.start()
    assert asked.wait(PATIENCE_SECONDS)

    for pid in _processes(server, victims):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    request.join(PATIENCE_SECONDS)
    server.wait_until_ready()
    took = eventually(lambda: not rows(database, "SELECT 1 FROM ai_generation WHERE state = 'reserved'"), FREED_WITHIN_SECONDS)

    used, stored = charged_and_stored(database)
    print(f"killed {victims or 'all'!r}: answered {outcome[0][0]}, settled after {took:.0f} s, used {used}, stored {stored}")
    assert used == stored <= 1
    for _ in range(ALLOWED - used):
        assert phone.make_meal()[0] in {201, 202}
    assert phone.make_meal()[0] == 429


def _processes(server: Server, victims: str) -> list[int]:
    """The children of the supervisor whose command line has these words; all of them without words."""
    assert server.process is not None
    found = []
    for pid in processes_of(server.data_dir):
        if pid == server.process.pid:
            continue
        with contextlib.suppress(OSError):
            command = Path(f"/proc/{pid}/cmdline").read_text()
            if victims in command:
                found.append(pid)
    return found
