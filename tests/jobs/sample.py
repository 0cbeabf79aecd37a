"""Tasks that fail on purpose."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist
from django_tasks import task

from fammo.jobs import job
from fammo.jobs.policy import GiveUp

calls: list[str] = []


@job(max_attempts=3, first_delay_seconds=10)
def always_fails(name: str) -> None:
    """Fails at every attempt."""
    calls.append(name)
    raise ConnectionError("the mail server is away")


@job(max_attempts=3, first_delay_seconds=10)
def fails_once(name: str) -> None:
    """Fails at the first attempt only."""
    calls.append(name)
    if calls.count(name) == 1:
        raise ConnectionError("the mail server is away")


@job(max_attempts=3)
def knows_better(name: str) -> None:
    """Knows that trying again cannot help."""
    calls.append(name)
    raise GiveUp("there is no such mailbox")


@job(max_attempts=1)
def misses_its_object(name: str) -> None:
    """Expected its object to be there."""
    calls.append(name)
    raise ObjectDoesNotExist


@task()
def of_a_library() -> None:
    """Like Wagtail's tasks, queued before its object was deleted."""
    raise ObjectDoesNotExist
