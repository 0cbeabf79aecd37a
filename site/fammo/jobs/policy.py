"""How often a task is tried, how long it waits in between, and which tasks come round by themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from django_tasks import task
from django_tasks.base import Task

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_DELAY = timedelta(hours=6)
DEFAULT_QUEUE, SLOW_QUEUE = "default", "slow"


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """``max_attempts`` in all; the wait doubles from ``first_delay`` up to six hours."""

    max_attempts: int
    first_delay: timedelta

    def delay_after(self, attempts: int) -> timedelta:
        """How long to wait after so many failed attempts (1, 2, …)."""
        return min(self.first_delay * 2 ** (min(attempts, 20) - 1), LONGEST_DELAY)


DEFAULT_POLICY = RetryPolicy(max_attempts=3, first_delay=timedelta(seconds=10))  # Wagtail's own tasks
_policies: dict[str, RetryPolicy] = {}
_periods: dict[str, tuple[Task[..., Any], timedelta]] = {}


class GiveUp(Exception):
    """Raised by a task that knows trying again cannot help: it is parked at once."""


def job(
    *, max_attempts: int = 8, first_delay_seconds: int = 5, priority: int = 0, queue: str = DEFAULT_QUEUE
) -> Callable[[Callable[P, T]], Task[P, T]]:
    """A task that is retried with growing pauses and parked, in sight of the operator, after ``max_attempts`` failures.

    ``queue``: work that waits for somebody else's server for long goes to ``SLOW_QUEUE``, so that mail never waits behind it.
    """

    def decorate(function: Callable[P, T]) -> Task[P, T]:
        made: Task[P, T] = task(priority=priority, queue_name=queue)(function)
        _policies[made.module_path] = RetryPolicy(max_attempts=max_attempts, first_delay=timedelta(seconds=first_delay_seconds))
        return made

    return decorate


def periodic(**every: int) -> Callable[[Task[P, T]], Task[P, T]]:
    """Have ``enqueue_due`` queue this job every so often; takes the keywords of ``timedelta``."""

    def decorate(made: Task[P, T]) -> Task[P, T]:
        _periods[made.module_path] = (made, timedelta(**every))
        return made

    return decorate


def policy_for(task_path: str) -> RetryPolicy:
    return _policies.get(task_path, DEFAULT_POLICY)


def is_moot(task_path: str, exception_path: str) -> bool:
    """Did a library's task, say of the search index, fail because its object is gone? Our own jobs judge that themselves."""
    return task_path not in _policies and exception_path.rpartition(".")[2] in {"DoesNotExist", "ObjectDoesNotExist"}


def periodic_jobs() -> dict[str, tuple[Task[..., Any], timedelta]]:
    """Every periodic job by its path, with its period."""
    return dict(_periods)
