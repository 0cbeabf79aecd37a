"""The few numbers that say how Fammo is doing: each app contributes its own from a ``metrics.py``.

``@metrics("accounts")`` stands over a function that gives numbers by name; the admin API shows them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

Numbers = Callable[[], Mapping[str, int]]

_sources: dict[str, Numbers] = {}


def metrics(subject: str) -> Callable[[Numbers], Numbers]:
    """Makes a function the source of the numbers of one subject."""

    def decorate(numbers: Numbers) -> Numbers:
        _sources[subject] = numbers
        return numbers

    return decorate


def summary() -> Iterator[tuple[str, int]]:
    """Every number by its full name (``accounts.active``), in the order of the names."""
    for subject, numbers in sorted(_sources.items()):
        for name, value in numbers().items():
            yield f"{subject}.{name}", value
