"""What a demo object is to the loader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class DemoObject:
    """Something to be made once. ``key`` is permanent; ``make`` leaves alone what is there already under its natural key."""

    key: str
    make: Callable[[], None]


class PersonGone(Exception):
    """A demo object needs a demo person whose account was deleted since."""


class DemoFailed(Exception):
    """An object could not be made: ``key`` and why, in one sentence."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
