"""Open or closed, against a walk through every minute of two years."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clinics import holidays, hours
from clinics.opening import Schedule, Timetable

ZONES = (
    *("Europe/Helsinki", "Europe/Amsterdam", "Europe/Istanbul", "Europe/London", "America/New_York", "America/St_Johns"),
    *("America/Havana", "America/Santiago", "America/Asuncion", "America/Nuuk", "Atlantic/Azores", "Africa/Casablanca", "Africa/Cairo"),
    *("Asia/Beirut", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Apia", "Antarctica/Troll", "UTC"),
)
FIRST, LAST = datetime(2024, 12, 31, 12, tzinfo=UTC), datetime(2026, 12, 31, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def week(*rows: tuple[int, str, str]) -> hours.Week:
    return hours.make_week(hours.Interval(day, hours.parse_time(opens), hours.parse_time(closes)) for day, opens, closes in rows)


def random_schedule(zone: str, randomness: random.Random) -> Schedule:
    """Split days, night shifts, whole days, closed days, and exceptions around the nights in which clocks change."""
    rows: list[tuple[int, str, str]] = []
    for day in range(7):
        rows += randomness.choice(
            [
                [],
                [(day, "08:00", "12:00"), (day, "13:00", "18:00")],
                [(day, "18:30", "02:30")],
                [(day, "00:30", "02:15"), (day, "22:00", "00:20")],
                [(day, "00:00", "00:00")],
                [(day, "23:00", "23:45")],
            ]
        )
    special = {}
    for _ in range(60):
        on = FIRST.date() + timedelta(days=randomness.randrange(731))
        shifts = [(), ((60, 180),), ((0, 1440),), ((540, 720), (1380, 1560))]
        special[on] = randomness.choice(shifts)
    special |= straddling(ZoneInfo(zone))
    return Schedule(week=week(*rows), special=special, closed_on_holidays=randomness.random() < 0.5, country="FI", zone=ZoneInfo(zone))


def straddling(zone: ZoneInfo) -> dict[date, tuple[tuple[int, int], ...]]:
    """Days that open or close within the hour that is skipped or comes twice, for every change of the clock in turn."""
    special: dict[date, tuple[tuple[int, int], ...]] = {}
    for number, change in enumerate(transitions(zone)[90::180]):
        before = (FIRST + (change - 1) * MINUTE).astimezone(zone)
        minute = before.hour * 60 + before.minute + 1
        starts, ends = [(minute - 45, minute + 20), (minute + 20, minute + 200), (minute - 45, minute - 20)][number % 3]
        day = before.date()
        days, starts = divmod(starts, 1440)
        day, ends = day + timedelta(days=days), ends - days * 1440
        special |= {day - timedelta(days=1): (), day + timedelta(days=1): (), day: ((starts, ends),)}
    return special


def painted(schedule: Schedule, first: date, days: int) -> bytearray:
    """One byte for each minute of the wall clock from the first day on: 1 where an interval covers it."""
    wall = bytearray((days + 2) * 1440)
    for number in range(-1, days):
        day = first + timedelta(days=number)
        if day in schedule.special:
            shifts = list(schedule.special[day])
        elif schedule.closed_on_holidays and holidays.is_public_holiday("FI", day):
            shifts = []
        else:
            usual = [row for row in schedule.week if row.day == day.weekday()]
            shifts = [(row.opens.hour * 60 + row.opens.minute, row.length) for row in usual]
            shifts = [(starts, starts + length) for starts, length in shifts]
        for starts, ends in shifts:
            begin, end = (min(max(0, number * 1440 + minute), len(wall)) for minute in (starts, ends))
            wall[begin:end] = b"\1" * (end - begin)
    return wall


def walked(schedule: Schedule) -> bytearray:
    """One byte for each minute that passes: what the wall clock shows then, looked up. Clocks change at quarters only."""
    first = FIRST.date() - timedelta(days=2)
    wall = painted(schedule, first, 740)
    midnight = datetime(first.year, first.month, first.day)  # noqa: DTZ001  (of the wall clock)
    passed = bytearray()
    quarter = FIRST
    while quarter < LAST:
        shown = quarter.astimezone(schedule.zone).replace(tzinfo=None)
        start = int((shown - midnight) / MINUTE)
        passed += wall[start : start + 15]
        quarter += QUARTER
    return passed


@pytest.mark.parametrize("zone", ZONES)
def test_every_minute_of_two_years_and_every_change(zone: str) -> None:
    randomness = random.Random(zone)
    schedule = random_schedule(zone, randomness)
    brute = walked(schedule)
    changes = [number for number in range(1, len(brute)) if brute[number] != brute[number - 1]]

    found, moment = [], FIRST
    while (change := schedule.next_change(moment)) is not None and change < LAST:
        found.append(int((change - FIRST) / MINUTE))
        moment = change

    assert found == changes
    assert len(changes) > 300
    asked = {*range(0, len(brute), 997), *changes, *(number - 1 for number in changes), *transitions(schedule.zone)}
    wrong = [number for number in sorted(asked) if schedule.is_open_at(FIRST + number * MINUTE) != bool(brute[number])]
    assert wrong == []


def transitions(zone: ZoneInfo) -> list[int]:
    """Every minute of the three hours around each change of the clock."""
    total = int((LAST - FIRST) / MINUTE)
    offsets = [(FIRST + number * MINUTE).astimezone(zone).utcoffset() for number in range(0, total, 15)]
    changed = [number * 15 for number in range(1, len(offsets)) if offsets[number] != offsets[number - 1]]
    return [minute for change in changed for minute in range(change - 90, change + 90)]


HELSINKI = ZoneInfo("Europe/Helsinki")


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    schedule = Schedule(week=week((4, "22:00", "02:00")), special={date(2026, 11, 21): ()}, zone=HELSINKI)

    assert schedule.is_open_at(at("2026-11-21T01:59:59+02:00"))
    assert not schedule.is_open_at(at("2026-11-21T02:00+02:00"))
    assert schedule.state_at(at("2026-11-21T01:00+02:00")).closes_at == at("2026-11-21T02:00+02:00")


def test_the_state_says_when_it_changes_in_the_clinics_own_time() -> None:
    schedule = Schedule(week=week((0, "09:00", "12:00"), (0, "13:00", "18:00")), zone=HELSINKI)

    closed = schedule.state_at(at("2026-03-29T10:00:00+00:00"))

    assert (closed.is_open, closed.opens_at, closed.closes_at) == (False, at("2026-03-30T09:00:00+03:00"), None)
    assert closed.opens_at is not None
    assert closed.opens_at.isoformat() == "2026-03-30T09:00:00+03:00"
    assert schedule.state_at(at("2026-03-30T12:30+03:00")).opens_at == at("2026-03-30T13:00+03:00")


def test_a_public_holiday_is_a_day_off_unless_its_date_has_hours() -> None:
    always = week(*((day, "09:00", "17:00") for day in range(7)))
    noon = at("2026-12-25T12:00+02:00")

    assert Schedule(week=always, country="FI", zone=HELSINKI).is_open_at(noon)
    assert not Schedule(week=always, country="FI", closed_on_holidays=True, zone=HELSINKI).is_open_at(noon)
    special = {date(2026, 12, 25): ((11 * 60, 13 * 60),)}
    assert Schedule(week=always, special=special, country="FI", closed_on_holidays=True, zone=HELSINKI).is_open_at(noon)


def test_whoever_never_closes_has_no_next_change() -> None:
    schedule = Schedule(week=week(*((day, "00:00", "00:00") for day in range(7))), zone=HELSINKI)

    assert schedule.next_change(at("2026-11-21T12:00+02:00")) is None


def test_a_country_without_a_known_calendar_has_no_holidays() -> None:
    assert not holidays.is_public_holiday("XX", date(2026, 12, 25))


@pytest.mark.parametrize("zone", ZONES)
def test_a_timetable_says_at_any_moment_what_its_schedule_says(zone: str) -> None:
    randomness = random.Random(zone)
    schedule = random_schedule(zone, randomness)
    timetable = Timetable(schedule)
    moment = FIRST

    for _ in range(300):  # on and on, now and then a little back, as several threads ask
        moment += randomness.choice([MINUTE, QUARTER, 5 * QUARTER, 60 * QUARTER, -3 * QUARTER])
        assert timetable.state_at(moment) == schedule.state_at(moment)


def test_a_timetable_without_any_change_in_sight_is_asked_anew_each_day() -> None:
    always = Schedule(week=week(*((day, "00:00", "00:00") for day in range(7))), special={date(2027, 3, 1): ()}, zone=ZoneInfo("UTC"))
    timetable = Timetable(always)

    for day in range(120):
        moment = at("2026-10-20T23:59+00:00") + timedelta(days=day)
        assert timetable.state_at(moment) == always.state_at(moment)
    assert timetable.state_at(moment).closes_at == at("2027-03-01T00:00+00:00")
