"""Which listings are open at a moment: ``opening`` again, as a condition that the database answers for any number of clinics.

A moment shows different days and minutes on the clocks of different places. So the listings are asked by groups of clocks that show
the same, and the number of groups is that of the world's time zones and holidays at most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from . import holidays
from .hours import DAY_MINUTES
from .models import ClinicListing, ListingShift, ListingSpecialShift
from .opening import DAY, clock_at

# The different values of an indexed column, each found from the one before instead of among all rows.
CLOCKS = """
WITH RECURSIVE clocks(clock) AS (
    SELECT MIN(clock) FROM {table} WHERE clock > ''
    UNION ALL
    SELECT (SELECT MIN(clock) FROM {table} WHERE clock > clocks.clock) FROM clocks WHERE clocks.clock IS NOT NULL
)
SELECT clock FROM clocks WHERE clock IS NOT NULL
"""


class Reading(NamedTuple):
    """What a clock and the calendar of its country show."""

    today: date
    minute: int
    today_is_holiday: bool
    yesterday_was_holiday: bool


def open_at(moment: datetime) -> Q:
    """Listings that are open at the moment; one query for the clocks in use. Nobody's hours are guessed: unknown is not open."""
    groups: dict[Reading, list[str]] = defaultdict(list)
    for clock in _clocks_in_use():
        groups[_read(clock, moment)].append(clock)
    condition = Q(pk__in=())
    for reading, clocks in groups.items():
        condition |= Q(clock__in=clocks) & _open_by(reading)
    return condition


def _open_by(reading: Reading) -> Q:
    """Opened today, or yesterday and still open."""
    today = _opened(reading.today, reading.minute, is_holiday=reading.today_is_holiday)
    return today | _opened(reading.today - DAY, reading.minute + DAY_MINUTES, is_holiday=reading.yesterday_was_holiday)


def _opened(day: date, minute: int, *, is_holiday: bool) -> Q:
    """Open at this minute after the day's midnight with an opening of that day."""
    now = {"starts__lte": minute, "ends__gt": minute}
    special = ListingSpecialShift.objects.filter(listing=OuterRef("pk"), on=day)
    usual = Exists(ListingShift.objects.filter(listing=OuterRef("pk"), weekday=day.weekday(), **now)) & ~Exists(special)
    if is_holiday:
        usual &= Q(closed_on_holidays=False)
    return Exists(special.filter(**now)) | usual


def _read(clock: str, moment: datetime) -> Reading:
    country, zone = clock.split(" ", 1)
    seen = clock_at(moment, ZoneInfo(zone))
    is_free = [holidays.is_public_holiday(country, day) for day in (seen.today, seen.yesterday)]
    return Reading(seen.today, seen.minute, *is_free)


def _clocks_in_use() -> Iterable[str]:
    with connection.cursor() as cursor:
        cursor.execute(CLOCKS.format(table=connection.ops.quote_name(ClinicListing._meta.db_table)))
        return [clock for (clock,) in cursor.fetchall()]
