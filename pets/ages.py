"""Arithmetic with ages: pure, by the calendar, without a clock of its own.

A month or a year is complete on the day that has the birthday's number; where the month has no such day, on the first
day of the next one. Who was born on 29 February is a year older on 1 March, and on 29 February in leap years.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext, ngettext

MAX_YEARS = 150  # giant tortoises
MAX_MONTHS = 12 * MAX_YEARS
MAX_WEEKS = 5200


@dataclass(frozen=True)
class Age:
    """An age in the units that are known; None is a unit that nobody stated."""

    years: int | None = None
    months: int | None = None
    weeks: int | None = None

    @property
    def is_stated(self) -> bool:
        return (self.years, self.months, self.weeks) != (None, None, None)


def months_between(born: date, on: date) -> int:
    """Complete months from ``born`` to ``on``; negative days before birth count as zero."""
    months = (on.year - born.year) * 12 + on.month - born.month
    return max(0, months - (on.day < born.day))


def months_before(on: date, months: int) -> date:
    """The latest birth date of one who is ``months`` complete months old on ``on``."""
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def weeks_between(born: date, on: date) -> int:
    return max(0, (on - born).days // 7)


def estimated_birth(age: Age, as_of: date) -> date:
    """The latest birth date that fits an age stated on ``as_of``."""
    return months_before(as_of - timedelta(weeks=age.weeks or 0), (age.years or 0) * 12 + (age.months or 0))


def fits(age: Age, born: date, on: date, slack_days: int = 31) -> bool:
    """Whether a stated age says nothing else than the birth date does.

    Only the stated units count ("4 years" fits somebody of four and a half). An app may have read the age some days
    before it sends it back, hence the slack.
    """
    return any(age == in_units_of(age, born, on - timedelta(days=days)) for days in range(slack_days + 1))


def by_calendar(born: date, on: date) -> Age:
    """The age of one whose birth date is known: years and months, and weeks within the first month only."""
    months = months_between(born, on)
    return Age(years=months // 12, months=months % 12, weeks=None if months else weeks_between(born, on))


def in_units_of(stated: Age, born: date, on: date) -> Age:
    """Today's age in the units in which it was once stated, so that an app that sends back what it read changes nothing."""
    months, years, rest = months_between(born, on), None, born
    if stated.years is not None:
        years, months = divmod(months, 12)
    elif stated.months is None:
        months = 0
    if stated.weeks is not None:
        complete = (years or 0) * 12 + (months if stated.months is not None else 0)
        rest = _months_after(born, complete)
    return Age(
        years=years,
        months=months if stated.months is not None else None,
        weeks=weeks_between(rest, on) if stated.weeks is not None else None,
    )


def _months_after(born: date, months: int) -> date:
    """The first day on which ``months`` months are complete."""
    year, month = divmod(born.year * 12 + born.month - 1 + months, 12)
    if born.day <= monthrange(year, month + 1)[1]:
        return date(year, month + 1, born.day)
    return _months_after(born.replace(day=1), months + 1)


def display(born: date | None, on: date) -> str:
    """The age in words of the active language: years, else months, else weeks; empty when it is not known."""
    if born is None:
        return ""
    months = months_between(born, on)
    if months >= 12:
        return ngettext("%(count)d year", "%(count)d years", months // 12) % {"count": months // 12}
    if months:
        return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
    weeks = weeks_between(born, on)
    if weeks:
        return ngettext("%(count)d week", "%(count)d weeks", weeks) % {"count": weeks}
    return gettext("less than a week")
