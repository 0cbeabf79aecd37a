"""Opening hours as arithmetic: a week of intervals, how they are checked, written down and read aloud. Pure.

An interval belongs to the day on which it opens. ``closes`` at or before ``opens`` means after midnight, so 22:00-02:00 is a night
shift and 00:00-00:00 a whole day. No interval on a day means closed; no interval at all means that nobody told us.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
# Many clinics open at the same times, and a search shows the same clinics again and again.
KEPT_WEEKS = 4096

# Minutes after midnight of the day on which it opens: (opens, closes); closing after 24 * 60 is on the next day.
Shift = tuple[int, int]
CLOSED: Shift = (0, 0)


@dataclass(frozen=True, order=True)
class Interval:
    """One stretch of being open; ``day`` 0 is Monday."""

    day: int
    opens: time
    closes: time

    @property
    def starts_at(self) -> int:
        """Minutes since Monday 00:00."""
        return self.day * DAY_MINUTES + _minutes(self.opens)

    @property
    def length(self) -> int:
        """Minutes of being open; a whole day when both ends are equal."""
        return (_minutes(self.closes) - _minutes(self.opens)) % DAY_MINUTES or DAY_MINUTES

    @property
    def shift(self) -> Shift:
        opens = _minutes(self.opens)
        return opens, opens + self.length

    @property
    def is_whole_day(self) -> bool:
        return self.opens == self.closes == time(0)


@dataclass(frozen=True)
class SpecialDay:
    """What opens on one date instead of the usual hours of its weekday; nothing means closed."""

    on: date
    intervals: tuple[tuple[time, time], ...] = ()

    @property
    def is_closed(self) -> bool:
        return not self.intervals

    @property
    def shifts(self) -> tuple[Shift, ...]:
        return tuple(interval.shift for interval in self.as_week())

    @property
    def hours_text(self) -> str:
        """As ``Day.hours_text``."""
        return _format_hours(self.as_day())

    def as_week(self) -> Week:
        """The intervals as if they were its weekday's, for what counts them."""
        return tuple(Interval(self.on.weekday(), opens, closes) for opens, closes in self.intervals)

    def as_day(self) -> Day:
        return Day(self.on.weekday(), self.as_week())


Week = tuple[Interval, ...]


@dataclass(frozen=True)
class Day:
    """One day of the schedule as the apps read it: first opening, last closing, and every interval in between."""

    day_of_week: int
    intervals: Week

    @property
    def day_name(self) -> str:
        return day_name(self.day_of_week)

    @property
    def is_closed(self) -> bool:
        return not self.intervals

    @property
    def hours_text(self) -> str:
        """``09:00 - 12:00, 13:00 - 18:00``, in the active language where words are needed."""
        return _format_hours(self)

    @property
    def open_time(self) -> str | None:
        return format_time(self.intervals[0].opens) if self.intervals else None

    @property
    def close_time(self) -> str | None:
        return format_time(self.intervals[-1].closes) if self.intervals else None


def make_week(intervals: Iterable[Interval]) -> Week:
    """The intervals in the order of the week."""
    return tuple(sorted(intervals))


def overlapping_day(week: Week) -> int | None:
    """The day of the first interval that another one has begun before it ended; Sunday night runs into Monday."""
    ordered = sorted(week, key=lambda interval: interval.starts_at)
    for current, following in itertools.pairwise(ordered):
        if current.starts_at + current.length > following.starts_at:
            return following.day
    if len(ordered) > 1 and ordered[-1].starts_at + ordered[-1].length - WEEK_MINUTES > ordered[0].starts_at:
        return ordered[0].day
    return None


def make_special_days(rows: Iterable[tuple[date, time | None, time | None]]) -> tuple[SpecialDay, ...]:
    """Dates in their order, each once, from rows of one interval; a row without times says that the day is closed."""
    by_date: dict[date, list[tuple[time, time]]] = {}
    for on, opens, closes in rows:
        intervals = by_date.setdefault(on, [])
        if opens is not None and closes is not None:
            intervals.append((opens, closes))
    return tuple(SpecialDay(on, tuple(sorted(set(intervals)))) for on, intervals in sorted(by_date.items()))


def overlapping_date(special: Iterable[SpecialDay]) -> date | None:
    """The first date whose own intervals overlap."""
    return next((day.on for day in special if overlapping_day(day.as_week()) is not None), None)


def days(week: Week) -> list[Day]:
    """Seven days from Monday; none when no hours are known, because "closed all week" would be a claim."""
    return list(_days(week)) if week else []


@lru_cache(maxsize=KEPT_WEEKS)
def _days(week: Week) -> tuple[Day, ...]:
    return tuple(Day(number, tuple(interval for interval in week if interval.day == number)) for number in range(7))


def day_name(number: int) -> str:
    """The weekday in the active language, with a capital letter as at the start of a line."""
    return _day_name(number, get_language())


@lru_cache(maxsize=64)
def _day_name(number: int, language: str) -> str:
    return capfirst(str(WEEKDAYS[number]))


def format_week(week: Week) -> list[str]:
    """One line for each day, in the active language: ``Monday: 09:00 - 12:00, 13:00 - 18:00``."""
    return list(_format_week(week, get_language()))


@lru_cache(maxsize=KEPT_WEEKS)
def _format_week(week: Week, language: str) -> tuple[str, ...]:
    return tuple(_("%(day)s: %(hours)s") % {"day": day.day_name, "hours": day.hours_text} for day in days(week))


def format_time(value: time) -> str:
    return value.isoformat("minutes")


def parse_time(value: str) -> time:
    """``09:00`` or ``09:00:00``; ``24:00`` is how many people write midnight. Raises ValueError."""
    return time(0) if value.strip() in {"24:00", "24:00:00"} else time.fromisoformat(value.strip()).replace(second=0, microsecond=0)


def to_json(week: Week) -> list[list[int | str]]:
    """``[[0, "09:00", "17:00"], …]``: what the directory stores."""
    return [[interval.day, format_time(interval.opens), format_time(interval.closes)] for interval in week]


def from_json(rows: Sequence[Sequence[int | str]]) -> Week:
    return _week_of(tuple(map(tuple, rows)))


@lru_cache(maxsize=KEPT_WEEKS)
def _week_of(rows: tuple[tuple[int | str, ...], ...]) -> Week:
    return tuple(Interval(int(day), parse_time(str(opens)), parse_time(str(closes))) for day, opens, closes in rows)


def special_to_json(special: Iterable[SpecialDay]) -> list[list[Any]]:
    """``[["2026-12-24", [["09:00", "12:00"]]], ["2026-12-25", []], …]``: what the directory stores."""
    return [[day.on.isoformat(), [[format_time(opens), format_time(closes)] for opens, closes in day.intervals]] for day in special]


def special_from_json(rows: Sequence[Sequence[Any]]) -> tuple[SpecialDay, ...]:
    return tuple(
        SpecialDay(date.fromisoformat(on), tuple((parse_time(opens), parse_time(closes)) for opens, closes in intervals))
        for on, intervals in rows
    )


def _format_hours(day: Day) -> str:
    if day.is_closed:
        return _("Closed")
    if any(interval.is_whole_day for interval in day.intervals):
        return _("Open 24 hours")
    return ", ".join(f"{format_time(interval.opens)} - {format_time(interval.closes)}" for interval in day.intervals)


def _minutes(value: time) -> int:
    return value.hour * 60 + value.minute
