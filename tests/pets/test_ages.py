"""Age arithmetic, against a calendar that counts one day at a time."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from pets import ages
from pets.ages import Age

days = st.dates(date(1980, 1, 1), date(2060, 12, 31))
spans = st.integers(0, 3000).map(lambda n: timedelta(days=n))


def counted_months(born: date, on: date) -> int:
    """Walks through every day and counts the birthdays of the month: the day of the same number, or the day after a month without it."""
    months, day = 0, born
    while day < on:
        day += timedelta(days=1)
        before = day - timedelta(days=1)
        skipped = day.day == 1 and monthrange(before.year, before.month)[1] < born.day
        months += day.day == born.day or skipped
    return months


@settings(max_examples=200, deadline=None)
@given(born=days, span=spans)
def test_months_are_those_of_a_counted_calendar(born: date, span: timedelta) -> None:
    assert ages.months_between(born, born + span) == counted_months(born, born + span)


#: Half of them are born on a leap day or at the end of a month, where calendars go wrong.
births = (
    days
    | st.builds(lambda year: date(4 * (year // 4), 2, 29), st.integers(1980, 2060))
    | st.builds(lambda year, month: date(year, month, monthrange(year, month)[1]), st.integers(1980, 2060), st.integers(1, 12))
)


@settings(max_examples=150, deadline=None)
@given(born=births, span=spans)
def test_years_months_and_weeks_are_those_of_a_counted_calendar(born: date, span: timedelta) -> None:
    on = born + span
    months = counted_months(born, on)

    assert ages.months_between(born, on) == months
    assert ages.by_calendar(born, on) == Age(months // 12, months % 12, None if months else span.days // 7)


@settings(max_examples=150, deadline=None)
@given(born=births, span=spans, units=st.sets(st.sampled_from(["years", "months", "weeks"]), min_size=1))
def test_an_age_in_some_units_counts_the_rest_in_the_smaller_ones(born: date, span: timedelta, units: set[str]) -> None:
    """Walked day by day: take whole years, then whole months of what is left, then whole weeks of what is left."""
    on, start, expected = born + span, born, {}
    for unit, size in (("years", 12), ("months", 1)):
        if unit in units:
            expected[unit] = 0
            while (later := first_day_of_month_number(born, _total(expected) + size)) <= on:
                expected[unit] += 1
                start = later
    if "weeks" in units:
        expected["weeks"] = (on - start).days // 7
    stated = Age(**dict.fromkeys(units, 0))

    assert ages.in_units_of(stated, born, on) == Age(**expected)


def _total(age: dict[str, int]) -> int:
    return age.get("years", 0) * 12 + age.get("months", 0)


def first_day_of_month_number(born: date, months: int) -> date:
    """Walks from birth to the day on which so many months are counted."""
    day, month = born.replace(day=1), 0
    while month < months:
        month += 1
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    last = monthrange(day.year, day.month)[1]
    return day.replace(day=born.day) if born.day <= last else day.replace(day=last) + timedelta(days=1)


@settings(max_examples=300, deadline=None)
@given(born=births, span=spans, slack=st.integers(0, 31))
def test_an_age_that_was_read_fits_for_a_month(born: date, span: timedelta, slack: int) -> None:
    read = ages.by_calendar(born, born + span)

    assert ages.fits(read, born, born + span + timedelta(days=slack))


@settings(max_examples=500, deadline=None)
@given(on=days, months=st.integers(0, 400))
def test_the_estimated_birth_is_the_latest_day_that_fits(on: date, months: int) -> None:
    born = ages.months_before(on, months)

    assert ages.months_between(born, on) == months
    assert months == 0 or ages.months_between(born + timedelta(days=1), on) < months


@settings(max_examples=500, deadline=None)
@given(
    on=days,
    age=st.builds(Age, years=st.none() | st.integers(0, 30), months=st.none() | st.integers(0, 11), weeks=st.none() | st.integers(0, 3)),
)
def test_an_age_reads_on_its_day_as_it_was_stated(on: date, age: Age) -> None:
    born = ages.estimated_birth(age, on)

    assert ages.in_units_of(age, born, on) == age
    assert ages.fits(age, born, on) or not age.is_stated


@settings(max_examples=200, deadline=None)
@given(born=days, span=spans, more=spans)
def test_nobody_grows_younger(born: date, span: timedelta, more: timedelta) -> None:
    assert ages.months_between(born, born + span) <= ages.months_between(born, born + span + more)


@pytest.mark.parametrize(
    ("on", "years"),
    [(date(2021, 2, 28), 0), (date(2021, 3, 1), 1), (date(2024, 2, 28), 3), (date(2024, 2, 29), 4), (date(2100, 3, 1), 80)],
)
def test_a_leap_day_is_celebrated_on_29_february_or_1_march(on: date, years: int) -> None:
    assert ages.by_calendar(date(2020, 2, 29), on).years == years


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["4 years", "1 year", "6 months", "1 month", "3 weeks", "1 week", "less than a week"]),
        ("fi", ["4 vuotta", "1 vuosi", "6 kuukautta", "1 kuukausi", "3 viikkoa", "1 viikko", "alle viikko"]),
        ("nl", ["4 jaar", "1 jaar", "6 maanden", "1 maand", "3 weken", "1 week", "minder dan een week"]),
        ("tr", ["4 yaşında", "1 yaşında", "6 aylık", "1 aylık", "3 haftalık", "1 haftalık", "bir haftalıktan küçük"]),
    ],
)
def test_display_uses_the_largest_unit(language: str, words: list[str]) -> None:
    on = date(2026, 6, 15)
    births = [
        *(date(2022, 6, 15), date(2025, 1, 1), date(2025, 12, 15), date(2026, 5, 15)),
        *(date(2026, 5, 20), date(2026, 6, 8), date(2026, 6, 14)),
    ]

    with translation.override(language):
        assert [ages.display(born, on) for born in births] == words


def test_an_unknown_age_is_an_empty_text() -> None:
    assert ages.display(None, date(2026, 6, 15)) == ""


def test_the_age_of_the_documents_has_years_and_months_but_no_weeks() -> None:
    assert ages.by_calendar(date(2020, 5, 15), date(2024, 12, 12)) == Age(4, 6, None)


def test_only_the_stated_units_must_fit_the_birth_date() -> None:
    born, on = date(2022, 1, 10), date(2026, 6, 15)

    assert ages.fits(Age(years=4), born, on)
    assert ages.fits(Age(years=4, months=5), born, on)
    assert not ages.fits(Age(years=3), born, on)
