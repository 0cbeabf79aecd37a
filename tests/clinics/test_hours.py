"""Opening hours as arithmetic."""

from __future__ import annotations

from datetime import time

import pytest
from django.utils import translation

from clinics import hours
from clinics.hours import Interval


def at(text: str) -> time:
    return hours.parse_time(text)


def interval(day: int, opens: str, closes: str) -> Interval:
    return Interval(day, at(opens), at(closes))


def test_a_split_day_reads_as_two_stretches() -> None:
    week = hours.make_week([interval(0, "13:00", "18:00"), interval(0, "09:00", "12:00")])

    lines = hours.format_week(week)

    assert lines[0] == "Monday: 09:00 - 12:00, 13:00 - 18:00"
    assert lines[1:] == [f"{day}: Closed" for day in ("Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")]


def test_day_names_are_in_the_active_language() -> None:
    with translation.override("fi"):
        assert hours.format_week((interval(6, "10:00", "12:00"),))[6].startswith("Sunnuntai: 10:00 - 12:00")


def test_a_whole_day_says_so() -> None:
    assert hours.format_week((interval(2, "00:00", "24:00"),))[2] == "Wednesday: Open 24 hours"


def test_unknown_hours_claim_nothing() -> None:
    assert hours.format_week(()) == []


@pytest.mark.parametrize(
    ("opens", "closes", "minutes"), [("09:00", "17:30", 510), ("22:00", "02:00", 240), ("00:00", "00:00", 1440), ("08:00", "08:00", 1440)]
)
def test_length(opens: str, closes: str, minutes: int) -> None:
    assert interval(0, opens, closes).length == minutes


@pytest.mark.parametrize(
    ("week", "day"),
    [
        ([interval(0, "09:00", "12:00"), interval(0, "12:00", "18:00")], None),
        ([interval(0, "09:00", "12:01"), interval(0, "12:00", "18:00")], 0),
        ([interval(0, "22:00", "03:00"), interval(1, "02:00", "05:00")], 1),
        ([interval(6, "22:00", "03:00"), interval(0, "02:00", "05:00")], 0),
        ([interval(6, "22:00", "02:00"), interval(0, "02:00", "05:00")], None),
        ([interval(day, "00:00", "00:00") for day in range(7)], None),
    ],
)
def test_overlap_is_found_across_midnight_and_the_end_of_the_week(week: list[Interval], day: int | None) -> None:
    assert hours.overlapping_day(hours.make_week(week)) == day


def test_json_and_back() -> None:
    week = hours.make_week([interval(0, "09:00", "17:00"), interval(5, "22:00", "02:00")])

    assert hours.from_json(hours.to_json(week)) == week


@pytest.mark.parametrize("text", ["25:00", "nine", "", "9"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (the text is Python's)
        hours.parse_time(text)
