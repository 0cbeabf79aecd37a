"""Public holidays of a country. Pure; the calendars come from the holidays package."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

import holidays


def is_public_holiday(country: str, day: date) -> bool:
    """Whether the whole country has a day off; False for countries whose calendar is not known."""
    return day in _holidays(country, day.year)


@lru_cache(maxsize=1024)
def _holidays(country: str, year: int) -> frozenset[date]:
    if country not in _known_countries():
        return frozenset()
    return frozenset(holidays.country_holidays(country, years=year))


@cache
def _known_countries() -> frozenset[str]:
    return frozenset(holidays.list_supported_countries())
