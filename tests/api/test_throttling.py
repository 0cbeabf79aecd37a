from __future__ import annotations

import dataclasses
import os
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
import time_machine
from django.db import connection
from limits import parse
from limits.strategies import SlidingWindowCounterRateLimiter
from rest_framework.test import APIClient

from fammo.api import limit_storage, throttling
from fammo.api.models import RateWindow
from fammo.api.requests import client_ip


@pytest.fixture
def _limits(settings: Any, db: None) -> Iterator[None]:
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "3/minute")
    settings.RATE_LIMIT_SCALE = 1
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, redis_url="")
    with time_machine.travel("2026-11-21T12:00:05Z", tick=False):
        yield


@pytest.mark.usefixtures("_limits")
class TestHeaders:
    def test_every_answer_tells_what_is_left(self, forgiving: APIClient) -> None:
        answers = [forgiving.get(path) for path in ("/api/v1/ping/", "/api/v1/private/", "/api/v1/nothing/", "/api/v1/ping/")]

        assert [answer.status_code for answer in answers] == [200, 401, 404, 429]
        assert {answer["X-RateLimit-Limit"] for answer in answers} == {"3"}
        assert [answer["X-RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]

    def test_refusal_says_when_to_come_back_and_that_is_true(self, api: APIClient) -> None:
        for _ in range(3):
            api.get("/api/v1/ping/")

        refused = api.get("/api/v1/ping/")

        assert refused.status_code == 429
        assert refused.json()["type"].endswith("/rate-limited/")
        later = datetime(2026, 11, 21, 12, 0, 5, tzinfo=UTC) + timedelta(seconds=int(refused["Retry-After"]))
        with time_machine.travel(later, tick=False):
            assert api.get("/api/v1/ping/").status_code == 200

    def test_scope_has_a_window_of_its_own(self, api: APIClient) -> None:
        statuses = [api.post("/api/v1/guarded/").status_code for _ in range(4)]

        assert statuses == [204, 204, 204, 429]
        assert api.get("/api/v1/ping/").status_code == 200
        assert RateWindow.objects.get().hits == 3

    def test_stored_answers_count_too(self, api: APIClient) -> None:
        answers = [api.get("/api/v1/stored/") for _ in range(4)]

        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]

    def test_callers_do_not_share(self, api: APIClient) -> None:
        for _ in range(4):
            api.get("/api/v1/ping/")

        assert api.get("/api/v1/ping/", REMOTE_ADDR="10.0.0.2").status_code == 200

    def test_bad_tokens_count_against_the_address(self, api: APIClient) -> None:
        statuses = [api.get("/api/v1/ping/", headers={"Authorization": "Bearer nonsense"}).status_code for _ in range(4)]

        assert statuses == [401, 401, 401, 429]

    def test_scale_zero_switches_off(self, api: APIClient, settings: Any) -> None:
        settings.RATE_LIMIT_SCALE = 0

        answers = [api.get("/api/v1/ping/") for _ in range(5)]

        assert {answer.status_code for answer in answers} == {200}
        assert "X-RateLimit-Limit" not in answers[0]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 5.6.7.8", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_address_is_the_one_our_own_proxy_has_seen(settings: Any, proxies: int, forwarded: str, address: str) -> None:
    settings.TRUSTED_PROXIES = proxies

    assert client_ip({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}) == address


STORAGES = [limit_storage.ProcessStorage, limit_storage.DatabaseStorage]


@pytest.mark.django_db
@pytest.mark.parametrize("storage", STORAGES)
class TestStorages:
    """Both count as ``limits``' own memory does: the previous window fades while the current one fills."""

    LIMIT = parse("10/minute")

    def hits(self, window: SlidingWindowCounterRateLimiter, times: int) -> int:
        return sum(window.hit(self.LIMIT, "scope", "caller") for _ in range(times))

    def test_previous_window_fades(self, storage: Any) -> None:
        window = SlidingWindowCounterRateLimiter(storage())
        with time_machine.travel("2026-11-21T12:00:30Z", tick=False) as clock:
            assert self.hits(window, 12) == 10
            assert window.get_window_stats(self.LIMIT, "scope", "caller").remaining == 0
            clock.move_to("2026-11-21T12:01:30Z")
            assert window.get_window_stats(self.LIMIT, "scope", "caller").remaining == 5
            assert self.hits(window, 12) == 5
            clock.move_to("2026-11-21T12:03:30Z")
            assert self.hits(window, 12) == 10

    def test_window_can_be_cleared_and_storage_reset(self, storage: Any) -> None:
        window = SlidingWindowCounterRateLimiter(storage())
        self.hits(window, 10)

        window.clear(self.LIMIT, "scope", "caller")
        assert self.hits(window, 12) == 10
        window.storage.reset()
        assert self.hits(window, 12) == 10
        assert window.storage.check()

    def test_plain_counters_work(self, storage: Any) -> None:
        counter = storage()

        assert (counter.incr("key", 60), counter.incr("key", 60, 2), counter.get("key")) == (1, 3, 3)
        assert counter.get_expiry("key") > 0
        counter.clear("key")
        assert counter.get("key") == 0


def test_threads_share_one_exact_count() -> None:
    window = SlidingWindowCounterRateLimiter(limit_storage.ProcessStorage())
    item, allowed = parse("500/hour"), []

    def ask() -> None:
        allowed.extend(window.hit(item, "caller") for _ in range(200))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    with time_machine.travel("2026-11-21T12:10:00Z", tick=False):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert (len(allowed), sum(allowed)) == (1600, 500)


@pytest.mark.postgres
@pytest.mark.usefixtures("real_transactions")
def test_connections_share_one_exact_count() -> None:
    window = SlidingWindowCounterRateLimiter(limit_storage.DatabaseStorage())
    item, allowed = parse("50/hour"), []

    def ask() -> None:
        allowed.extend(window.hit(item, "caller") for _ in range(20))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(allowed), sum(allowed)) == (100, 50)


@pytest.mark.redis
def test_redis_counts_where_it_is(settings: Any) -> None:
    url = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/9")
    redis.Redis.from_url(url).ping()
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, redis_url=url)
    settings.RATE_LIMIT_SCALE = 1
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"anon": "3/minute"}
    caller = uuid.uuid4().hex

    rates = [throttling.take("anon", caller) for _ in range(4)]

    assert [rate.allowed for rate in rates if rate] == [True, True, True, False]


@pytest.mark.django_db
@pytest.mark.parametrize("scope", ["anon", "auth"])
def test_without_its_redis_the_limit_still_holds(settings: Any, scope: str) -> None:
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, redis_url="redis://127.0.0.1:1/0")
    settings.RATE_LIMIT_SCALE = 1
    settings.RATE_LIMITS = settings.RATE_LIMITS | {scope: "3/hour"}
    caller = uuid.uuid4().hex

    with time_machine.travel("2026-11-21T12:00:05Z", tick=False):
        rates = [throttling.take(scope, caller) for _ in range(4)]

    assert [rate.allowed for rate in rates if rate] == [True, True, True, False]
