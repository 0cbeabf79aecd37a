"""Whether a clinic is open at a moment, and when that changes next. Pure.

What counts is the wall clock of the clinic's place: an interval that closes at 02:30 is over whenever that clock shows 02:30, also in the
night in which it shows it twice. A day's intervals are those that open on it; a dated exception or a public holiday replaces
them, while a night shift of the day before goes on until it closes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from . import holidays, hours
from .hours import DAY_MINUTES, Shift

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
# As far as a next opening is looked for: a season. Further than that nobody plans a visit by opening hours.
HORIZON_DAYS = 120
CHUNK_DAYS = 8


@dataclass(frozen=True)
class Clock:
    """What the wall clock and the calendar of a place show: minutes since midnight, this day and the one before."""

    today: date
    minute: int

    @property
    def yesterday(self) -> date:
        return self.today - DAY


def clock_at(moment: datetime, zone: ZoneInfo) -> Clock:
    local = moment.astimezone(zone)
    return Clock(local.date(), local.hour * 60 + local.minute)


@dataclass(frozen=True)
class OpeningState:
    """Open or closed, and the moment at which that changes, in the clinic's own time; one of the two, or none within a season."""

    is_open: bool
    opens_at: datetime | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The hours of one clinic: the week, the dated exceptions, and whether public holidays of ``country`` are days off."""

    week: hours.Week
    special: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict)
    closed_on_holidays: bool = False
    country: str = ""
    zone: ZoneInfo

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """What opens on this date."""
        if day in self.special:
            return self.special[day]
        if self.closed_on_holidays and holidays.is_public_holiday(self.country, day):
            return ()
        return tuple(interval.shift for interval in self.week if interval.day == day.weekday())

    def is_open_at(self, moment: datetime) -> bool:
        """Whether the clinic is open in the minute of this moment."""
        clock = clock_at(moment, self.zone)
        return any(starts <= clock.minute < ends for starts, ends in self.shifts_on(clock.today)) or any(
            clock.minute + DAY_MINUTES < ends for _starts, ends in self.shifts_on(clock.yesterday)
        )

    def state_at(self, moment: datetime) -> OpeningState:
        """What to tell somebody who stands before the door."""
        change = self.next_change(moment)
        local = change.astimezone(self.zone) if change else None
        return OpeningState(True, closes_at=local) if self.is_open_at(moment) else OpeningState(False, opens_at=local)

    def next_change(self, moment: datetime) -> datetime | None:
        """The first moment after this one at which the clinic opens, or closes; None when that is more than a season away."""
        now = self.is_open_at(moment)
        first = moment.astimezone(self.zone).date()
        for offset in range(0, HORIZON_DAYS, CHUNK_DAYS):
            for candidate in self._possible_changes(first + offset * DAY, CHUNK_DAYS + 1):
                if candidate > moment and self.is_open_at(candidate) != now:
                    return candidate
        return None

    def _possible_changes(self, first: date, number: int) -> list[datetime]:
        """Every moment of these days at which the clinic may open or close: its times, midnight, and where the clock is changed."""
        days = [first + offset * DAY for offset in range(number)]
        moments = {moment for day in days for minute in self._minutes_of(day) for moment in self._moments(day, minute)}
        starts = [self._moments(day, 0)[0] for day in days]
        moments |= {change for start, end in itertools.pairwise(starts) for change in self._clock_changes(start, end)}
        return sorted(moments)

    def _minutes_of(self, day: date) -> Iterator[int]:
        yield 0
        for starts, ends in self.shifts_on(day):
            yield starts
            yield min(ends, DAY_MINUTES)
        for _starts, ends in self.shifts_on(day - DAY):
            yield max(ends - DAY_MINUTES, 0)

    def _moments(self, day: date, minute: int) -> tuple[datetime, datetime]:
        """When the wall clock shows this: once, or twice in the night in which it is put back."""
        local = datetime(day.year, day.month, day.day, tzinfo=self.zone) + minute * MINUTE
        return local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC)

    def _clock_changes(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """The moment between these at which the clock is put forward or back; places do that at most once a day."""
        if self._offset(start) == self._offset(end):
            return
        low, high = 0, int((end - start) / MINUTE)
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset(start + middle * MINUTE) == self._offset(start):
                low = middle
            else:
                high = middle
        yield start + high * MINUTE

    def _offset(self, moment: datetime) -> timedelta | None:
        return moment.astimezone(self.zone).utcoffset()


class Timetable:
    """A schedule that remembers what it last said, for as long as that is true.

    That is until the clinic next opens or closes, or through the day from which no such moment is in sight.
    """

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self._said: tuple[datetime, datetime, OpeningState] | None = None

    def state_at(self, moment: datetime) -> OpeningState:
        """As ``Schedule.state_at``."""
        said = self._said
        if said is not None and said[0] <= moment < said[1]:
            return said[2]
        state = self.schedule.state_at(moment)
        change = state.closes_at if state.is_open else state.opens_at
        self._said = (moment, change or self._midnight_after(moment), state)
        return state

    def _midnight_after(self, moment: datetime) -> datetime:
        tomorrow = moment.astimezone(self.schedule.zone).date() + DAY
        return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=self.schedule.zone)


@lru_cache(maxsize=10_000)
def timetable_of(
    week: hours.Week, special_days: tuple[hours.SpecialDay, ...], closed_on_holidays: bool, country: str, time_zone: str
) -> Timetable:
    """The one timetable of all clinics with these hours in this place."""
    special = {day.on: day.shifts for day in special_days}
    return Timetable(Schedule(week=week, special=special, closed_on_holidays=closed_on_holidays, country=country, zone=ZoneInfo(time_zone)))
