"""The months in which quota is counted: each person's calendar month by their own clock. Pure."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True)
class Month:
    """A calendar month somewhere: ``first`` names it, ``ends_at`` is the moment at which the next one begins there."""

    first: date
    ends_at: datetime

    @property
    def next_first(self) -> date:
        return next_first(self.first)


def month_at(moment: datetime, time_zone: str) -> Month:
    """The month that the clocks of an IANA zone show; UTC for a zone that is not known (any more)."""
    try:
        zone: tzinfo = zoneinfo.ZoneInfo(time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        zone = UTC
    first = moment.astimezone(zone).date().replace(day=1)
    return Month(first=first, ends_at=datetime.combine(next_first(first), time.min, tzinfo=zone))


def next_first(first: date) -> date:
    """The first day of the month after the one that begins on ``first``."""
    return (first + timedelta(days=31)).replace(day=1)
