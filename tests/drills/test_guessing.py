"""Guessing a password with 200 requests at the same instant, against two server processes that share one PostgreSQL."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection

from tests.factories import accounts
from tests.server.running import ROOT, free_port

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("real_transactions")]

GUESSES = 200
LIMIT_PER_ACCOUNT = 10
ANNA = "anna@fammo.example"
RIGHT = "correct horse 41"
SECONDS = 120


@contextlib.contextmanager
def web_process(data_dir: Path) -> Iterator[int]:
    """The product's own web process on the test database, without Redis; gives its port."""
    port = free_port()
    database = connection.settings_dict
    address = f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": address,
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
        "DJANGO_SETTINGS_MODULE": "fammo.settings",
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--port", str(port), "--workers", "1"]
    command += ["--blocking-threads", "8", "--backlog", "1024", "--log-level", "warning", "fammo.wsgi:application"]
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        deadline = time.monotonic() + SECONDS
        while not answers(port):
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server did not answer in time"
            time.sleep(0.5)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/ping/", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def guess(port: int, password: str, forwarded: str) -> tuple[int, str, str | None]:
    """Status, code and Retry-After of one attempt."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/auth/token/",
        data=json.dumps({"email": ANNA, "password": password}).encode(),
        headers={"Content-Type": "application/json", "X-Forwarded-For": forwarded, "X-Real-IP": forwarded, "Forwarded": f"for={forwarded}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - our own server
            return answer.status, "", None
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)["code"], error.headers["Retry-After"]


def test_at_most_the_limit_is_weighed_whatever_the_headers_say(tmp_path: Path) -> None:
    anna = accounts.person(ANNA)
    anna.password = PBKDF2PasswordHasher().encode(RIGHT, "a-salt-for-the-drill")  # the tests' own hasher is none of the product's
    anna.save()
    start, given = threading.Barrier(GUESSES), []

    def attack(number: int, port: int) -> None:
        address = ".".join(str(random.randrange(1, 255)) for _ in range(4))
        start.wait()
        given.append(guess(port, f"guess number {number}", address))

    with web_process(tmp_path) as first, web_process(tmp_path) as second:
        ports = itertools.cycle((first, second))
        threads = [threading.Thread(target=attack, args=(number, next(ports))) for number in range(GUESSES)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS)
        after = guess(second, RIGHT, "192.0.2.1")

    counted = Counter((status, code) for status, code, _wait in given)
    print(dict(counted))
    assert len(given) == GUESSES
    assert 1 <= counted[401, "invalid_credentials"] <= LIMIT_PER_ACCOUNT
    assert counted[401, "invalid_credentials"] + sum(number for (status, _code), number in counted.items() if status == 429) == GUESSES
    assert all(wait and int(wait) > 0 for status, _code, wait in given if status == 429)
    assert after[0] == 429, "not even the right password is weighed now"
