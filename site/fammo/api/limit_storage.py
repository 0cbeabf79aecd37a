"""Where ``limits`` counts: in this process, or in the database by one atomic statement per call."""

from __future__ import annotations

import math
import random
import threading
import time
from typing import Any

from django.db import DatabaseError, connection
from limits.storage.base import SlidingWindowCounterSupport, Storage, TimestampedSlidingWindow

PRUNE_CHANCE = 0.005

COUNT = """
INSERT INTO api_ratewindow (key, hits, expires_at) VALUES (%s, %s, %s)
ON CONFLICT (key) DO UPDATE SET hits = api_ratewindow.hits + excluded.hits
WHERE api_ratewindow.hits + excluded.hits <= %s
RETURNING hits
"""


def share_left(expiry: int, now: float) -> float:
    """How much of the current window is still to come, which is how much of the previous one still counts."""
    return 1 - (now / expiry) % 1


class ProcessStorage(Storage, SlidingWindowCounterSupport):
    """``limits``' sliding window counter in memory under one lock: exact among threads, and two dict look-ups per call.

    ``limits``' own MemoryStorage starts a timer thread every ten milliseconds under load, which costs more than it counts.
    """

    STORAGE_SCHEME = ["fammo+process"]
    PRUNE_AT = 20_000

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        # caller and scope -> number of the window, hits in it, hits in the one before, and when both are forgotten
        self._windows: dict[str, tuple[int, int, int, float]] = {}

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        now = time.time()
        with self._lock:
            number, hits, before = self._at(key, expiry, now)
            if math.floor(before * share_left(expiry, now) + hits) + amount > limit:
                return False
            self._windows[key] = (number, hits + amount, before, (number + 2) * expiry)
            if len(self._windows) > self.PRUNE_AT:
                self._windows = {name: window for name, window in self._windows.items() if window[3] > now}
        return True

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        now = time.time()
        _number, hits, before = self._at(key, expiry, now)
        left = share_left(expiry, now) * expiry
        return before, left if before else 0.0, hits, left + expiry

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        self.clear(key)

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        with self._lock:
            hits = self.get(key) + amount
            self._windows[key] = (0, hits, 0, time.time() + expiry)
        return hits

    def get(self, key: str) -> int:
        _number, hits, _before, expires_at = self._windows.get(key, (0, 0, 0, 0.0))
        return hits if expires_at > time.time() else 0

    def get_expiry(self, key: str) -> float:
        return self._windows.get(key, (0, 0, 0, time.time()))[3]

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        with self._lock:
            count = len(self._windows)
            self._windows.clear()
        return count

    def clear(self, key: str) -> None:
        self._windows.pop(key, None)

    def _at(self, key: str, expiry: int, now: float) -> tuple[int, int, int]:
        current = int(now // expiry)
        number, hits, before, _expires_at = self._windows.get(key, (current, 0, 0, 0.0))
        if number == current:
            return current, hits, before
        return current, 0, hits if number == current - 1 else 0


class DatabaseStorage(Storage, SlidingWindowCounterSupport, TimestampedSlidingWindow):
    """``limits``' sliding window counter over table ``api_ratewindow``.

    A count is written outside of any request's work, so it stays even if the work is rolled back around it; inside an
    open transaction (tests) it is part of it.
    """

    STORAGE_SCHEME = ["fammo+database"]

    @property
    def base_exceptions(self) -> type[Exception]:
        return DatabaseError

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        now = time.time()
        previous_key, current_key = self.sliding_window_keys(key, expiry, now)
        previous = self.get(previous_key) * share_left(expiry, now)
        # floor(previous + current) <= limit holds exactly when current <= the largest whole number below limit + 1 - previous.
        allowed = math.ceil(limit + 1 - previous) - 1
        if amount > allowed:
            return False
        if random.random() < PRUNE_CHANCE:  # noqa: S311 - housekeeping, not cryptography
            self._prune(now)
        return self._count(current_key, amount, now + 2 * expiry, allowed) is not None

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        now = time.time()
        previous_key, current_key = self.sliding_window_keys(key, expiry, now)
        with connection.cursor() as cursor:
            cursor.execute("SELECT key, hits FROM api_ratewindow WHERE key IN (%s, %s)", [previous_key, current_key])
            hits = dict(cursor.fetchall())
        share = share_left(expiry, now)
        previous = hits.get(previous_key, 0)
        return previous, share * expiry if previous else 0.0, hits.get(current_key, 0), share * expiry + expiry

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        for window in self.sliding_window_keys(key, expiry, time.time()):
            self.clear(window)

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        return self._count(key, amount, time.time() + expiry, 2**31 - 1) or 0

    def get(self, key: str) -> int:
        return int(self._column("hits", key) or 0)

    def get_expiry(self, key: str) -> float:
        return float(self._column("expires_at", key) or time.time())

    def check(self) -> bool:
        return self.get("") == 0

    def reset(self) -> int | None:
        return self._delete("1 = 1")

    def clear(self, key: str) -> None:
        self._delete("key = %s", key)

    @staticmethod
    def _count(key: str, amount: int, expires_at: float, allowed: int) -> int | None:
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [key, amount, expires_at, allowed])
            row = cursor.fetchone()
        return row[0] if row else None

    @staticmethod
    def _column(name: str, key: str) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {name} FROM api_ratewindow WHERE key = %s", [key])  # noqa: S608 - a column of ours
            row = cursor.fetchone()
        return row[0] if row else None

    @classmethod
    def _prune(cls, now: float) -> None:
        cls._delete("expires_at < %s", now)

    @staticmethod
    def _delete(condition: str, *values: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM api_ratewindow WHERE {condition}", values)  # noqa: S608 - a condition of ours
            return cursor.rowcount
