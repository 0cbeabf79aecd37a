"""The product on the queues that TASKS names beside the database: what a request asks for is done."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
import redis

from .running import Server, running

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]

QUEUE = 12  # a Redis database that nothing else here uses
PATIENCE_SECONDS = 60
SIGN_UP = {"email": "new@fammo.example", "password": "a garden of 9 cats", "password_confirm": "a garden of 9 cats"}


def redis_of_its_own() -> str:
    server, _, _number = os.environ["TEST_REDIS_URL"].rpartition("/")
    url = f"{server}/{QUEUE}"
    redis.Redis.from_url(url).flushdb()
    return url


@pytest.mark.parametrize("queue", [pytest.param("rq", marks=pytest.mark.redis), "immediate"])
def test_mail_of_a_sign_up_arrives(tmp_path: Path, first_start: Callable[[Path], Path], queue: str) -> None:
    settings = {"TASKS": queue} | ({"REDIS_URL": redis_of_its_own()} if queue == "rq" else {})

    with running(Server(first_start(tmp_path / "data"), **settings)) as server:
        url = f"http://127.0.0.1:{server.port}/api/v1/auth/signup/"
        assert httpx2.post(url, json=SIGN_UP, headers={"X-Request-ID": "phone-1"}, timeout=30).status_code == 201
        mails: list[str] = []
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not mails and time.monotonic() < deadline:
            mails = [path.read_text() for path in (server.data_dir / "mail").glob("*.eml")]
            time.sleep(0.2)

    assert ["To: new@fammo.example" in mail and "X-Request-ID: phone-1" in mail for mail in mails] == [True], server.output()
