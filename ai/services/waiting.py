"""Waiting for a worker in a web thread: briefly, and few at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from ai.models import Generation

POLL_SECONDS = 0.1

# Whoever waits holds a thread of the server; three of four always stay free for everybody else.
_seats = threading.BoundedSemaphore(settings.ENVIRONMENT.web_threads // 4)


@contextmanager
def seat() -> Iterator[bool]:
    """Whether this thread may wait for a model; only few may at a time."""
    taken = _seats.acquire(blocking=False)
    try:
        yield taken
    finally:
        if taken:
            _seats.release()


def wait_for(generation: Generation) -> Generation:
    """The generation as soon as it is finished, or as it is when there is no seat or the time is over."""
    with seat() as taken:
        ends_at = time.monotonic() + (settings.AI_WAIT_SECONDS if taken else 0)
        while generation.is_under_way:
            generation.refresh_from_db()
            if not generation.is_under_way or time.monotonic() >= ends_at:
                break
            time.sleep(POLL_SECONDS)
    return generation
