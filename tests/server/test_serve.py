"""The product as a person starts it: it comes up, it goes down, it leaves nothing, and it survives being killed."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .running import ROOT, Server, free_port, processes_of

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    made = Server(data_dir)
    yield made
    made.end()
    time.sleep(1)  # the children go with their supervisor


def test_first_start_serves_the_product_and_ctrl_c_leaves_nothing(server: Server) -> None:
    server.start()
    server.wait_until_ready()

    documents: list[dict[str, Any]] = json.loads(server.get("/api/v1/legal/documents/")[1])
    assert {document["document_type"] for document in documents} == {
        "user_terms",
        "user_privacy",
        "clinic_terms",
        "clinic_partnership",
        "clinic_eoi",
    }
    assert len(json.loads(server.get("/api/v1/onboarding/")[1])) == 5
    assert json.loads(server.get("/api/v1/clinics/search/?lat=60.17&lng=24.94&radius=10")[1])["count"] >= 4
    assert server.get("/healthz")[0] == server.get("/readyz")[0] == 200
    assert server.get("/")[0] == server.get("/admin/login/")[0] == server.get("/api/docs/")[0] == 200
    assert "anna@fammo.example" in server.output()

    assert server.stop() == 0, server.output()
    assert processes_of(server.data_dir) == []
    assert server.get("/api/v1/ping/")[0] == 0


def test_kill_in_the_middle_of_the_first_start_is_repaired_by_the_next(server: Server) -> None:
    for seconds in (2, 6, 12, 20, 28):
        server.start()
        assert server.process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.process.wait(timeout=seconds)
        server.process.kill()
        server.process.wait()

    server.start()
    server.wait_until_ready()

    assert len(json.loads(server.get("/api/v1/legal/documents/")[1])) == 5
    assert len(json.loads(server.get("/api/v1/onboarding/")[1])) == 5


def test_killed_supervisor_takes_its_children_along(tmp_path: Path, first_start: Callable[[Path], Path]) -> None:
    server = Server(first_start(tmp_path / "data"))
    server.start()
    server.wait_until_ready()
    assert server.process is not None
    assert len(processes_of(server.data_dir)) >= 3

    server.process.kill()
    server.process.wait()

    deadline = time.monotonic() + 20
    while processes_of(server.data_dir) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert processes_of(server.data_dir) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATABASE_URL", "mysql://nowhere/db"), ("TASKS", "celery"), ("SECRET_KEY", "short"), ("PORT", "x")],
)
def test_bad_setting_stops_the_start_with_one_sentence(tmp_path: Path, name: str, value: str) -> None:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), name: value}

    done = subprocess.run([sys.executable, str(ROOT / "manage.py"), "serve"], env=environment, capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    assert name in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing"), ("REDIS_URL", "redis://127.0.0.1:1/0")],
)
def test_service_that_does_not_answer_is_named(tmp_path: Path, name: str, value: str) -> None:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "PORT": str(free_port()), name: value}

    done = subprocess.run([sys.executable, str(ROOT / "manage.py"), "serve"], env=environment, capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    assert name in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_busy_port_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "PORT": str(taken.getsockname()[1])}
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "serve"], env=environment, capture_output=True, text=True, timeout=60
        )

    assert done.returncode == 1
    assert "PORT" in done.stderr
    assert not (tmp_path / "fammo.sqlite3").exists()
