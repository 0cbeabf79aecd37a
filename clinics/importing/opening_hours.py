"""OpenStreetMap's opening_hours, the part of it that clinics use.

``24/7`` · ``Mo-Fr 09:00-18:00; Sa 10:00-14:00`` · ``Mo,We 08:00-12:00,13:00-17:00`` · ``Fr 22:00-02:00`` · ``PH off`` ·
``2026 Dec 24 09:00-12:00``. Later rules replace earlier ones for their days, as OpenStreetMap says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time

from clinics import dates, hours

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)"
DAYS_RULE = re.compile(rf"(?P<days>{DAY}(?:-{DAY})?(?:\s*,\s*{DAY}(?:-{DAY})?)*)?\s*:?\s*(?P<times>.*)")
DATE_RULE = re.compile(rf"(?P<year>\d{{4}})\s+(?P<month>{'|'.join(MONTHS)})\s+(?P<day>\d{{1,2}})\s*:?\s*(?P<times>.+)")
TIMES = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
OFF = frozenset({"off", "closed"})


class NotUnderstood(ValueError):
    """Hours in a form that we do not read; better no hours than wrong ones."""


@dataclass(frozen=True)
class OpeningHours:
    """What a text says, in the words of ``hours``."""

    week: hours.Week
    special_days: tuple[hours.SpecialDay, ...]
    closed_on_holidays: bool


def parse(text: str) -> OpeningHours:
    """The hours that the text states; raises NotUnderstood."""
    week: dict[int, list[tuple[time, time]]] = {}
    special: dict[date, list[tuple[time, time]]] = {}
    closed_on_holidays = False
    for rule in (part.strip() for part in text.split(";") if part.strip()):
        if dated := DATE_RULE.fullmatch(rule):
            special[_date(dated)] = _times(dated["times"])
            continue
        numbers, names_holidays, intervals = _rule(rule)
        if names_holidays:
            if intervals:
                raise NotUnderstood(f"hours on public holidays: {rule}")
            closed_on_holidays = True
        week |= dict.fromkeys(numbers, intervals)
    made = hours.make_week(hours.Interval(day, *pair) for day, pairs in week.items() for pair in pairs)
    days = tuple(hours.SpecialDay(on, tuple(sorted(pairs))) for on, pairs in sorted(special.items()))
    if not made or hours.overlapping_day(made) is not None or hours.overlapping_date(days) is not None or dates.out_of_range(days):
        raise NotUnderstood(text)
    return OpeningHours(made, days, closed_on_holidays)


def _rule(rule: str) -> tuple[list[int], bool, list[tuple[time, time]]]:
    if rule == "24/7":
        return list(range(7)), False, [(time(0), time(0))]
    found = DAYS_RULE.fullmatch(rule)
    if found is None:
        raise NotUnderstood(rule)
    names = [name.strip() for name in (found["days"] or "Mo-Su").split(",")]
    numbers = [number for name in names if name != "PH" for number in _days(name)]
    return numbers, "PH" in names, _times(found["times"])


def _days(name: str) -> list[int]:
    first, _dash, last = name.partition("-")
    if "PH" in (first, last):
        raise NotUnderstood(name)
    start, end = DAYS.index(first), DAYS.index(last or first)
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def _times(text: str) -> list[tuple[time, time]]:
    if text.strip().lower() in OFF:
        return []
    pairs = []
    for part in text.split(","):
        found = TIMES.fullmatch(part.strip())
        if found is None:
            raise NotUnderstood(text)
        pairs.append((_time(found[1], found[2], 24), _time(found[3], found[4], 48)))
    return pairs


def _time(hour: str, minute: str, last: int) -> time:
    """26:00 is 02:00 of the next day."""
    if int(hour) * 60 + int(minute) > last * 60 or int(minute) > 59:
        raise NotUnderstood(f"{hour}:{minute}")
    return time(int(hour) % 24, int(minute))


def _date(found: re.Match[str]) -> date:
    try:
        return date(int(found["year"]), MONTHS.index(found["month"]) + 1, int(found["day"]))
    except ValueError as exc:
        raise NotUnderstood(found[0]) from exc
