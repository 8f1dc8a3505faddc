"""Days and moments: England's working days, London's dates, and the two awkward nights of the clock."""

from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.days.rules import (
    LONDON,
    add_months,
    add_working_days,
    age_on,
    day_ends,
    is_working_day,
    last_day_of_month,
    london_date,
    noon,
    parse_moment,
    review_note,
    utc,
    working_day_before,
    working_days_between,
    years_after,
)

DAYS = st.dates(date(2012, 1, 1), date(2034, 12, 31))
MOMENTS = st.datetimes(
    datetime(2012, 1, 1),  # noqa: DTZ001  # hypothesis takes its bounds without a zone
    datetime(2034, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
BANK_HOLIDAYS = {
    "Good Friday": date(2016, 3, 25),
    "Easter Monday": date(2016, 3, 28),
    "summer": date(2016, 8, 29),
    "Christmas Day on a Sunday, kept on Tuesday": date(2016, 12, 27),
    "the early May holiday that moved to a Friday": date(2020, 5, 8),
    "the jubilee": date(2022, 6, 3),
    "the funeral of the Queen": date(2022, 9, 19),
    "the coronation": date(2023, 5, 8),
}


@pytest.mark.parametrize("name", BANK_HOLIDAYS)
def test_a_bank_holiday_of_england_is_no_working_day(name: str) -> None:
    assert not is_working_day(BANK_HOLIDAYS[name])


@pytest.mark.parametrize(
    "day", [date(2016, 3, 17), date(2016, 1, 4), date(2020, 5, 4), date(2016, 11, 30)]
)
def test_a_holiday_elsewhere_in_the_kingdom_is_a_working_day_in_england(day: date) -> None:
    assert is_working_day(day)


def test_a_deadline_counts_over_easter() -> None:
    assert add_working_days(date(2016, 3, 24), 1) == date(2016, 3, 29)
    assert working_days_between(date(2016, 3, 24), date(2016, 3, 29)) == 1


def test_counting_from_a_rest_day_begins_with_the_next_working_day() -> None:
    assert add_working_days(date(2016, 4, 2), 0) == date(2016, 4, 4)
    assert add_working_days(date(2016, 4, 2), 1) == date(2016, 4, 5)
    assert add_working_days(date(2016, 4, 4), 0) == date(2016, 4, 4)


@given(DAYS, st.integers(0, 60))
def test_the_day_that_is_reached_is_a_working_day_and_lies_that_many_working_days_on(
    day: date, count: int
) -> None:
    reached = add_working_days(day, count)
    first = add_working_days(day, 0)
    assert is_working_day(reached)
    assert working_days_between(first, reached) == count


@given(DAYS, st.integers(-90, 90), st.integers(-90, 90))
def test_oweding_days_add_up_over_any_stop_on_the_way(start: date, one: int, two: int) -> None:
    stop, end = start + timedelta(one), start + timedelta(one + two)
    whole = working_days_between(start, stop) + working_days_between(stop, end)
    assert whole == working_days_between(start, end)


@given(DAYS)
def test_noon_falls_on_its_own_day_in_london_and_in_utc(day: date) -> None:
    assert london_date(noon(day)) == day
    assert utc(noon(day)).date() == day
    assert noon(day).hour == 12


@given(MOMENTS)
def test_a_moment_keeps_its_instant_through_text_and_zones(moment: datetime) -> None:
    assert parse_moment(moment.astimezone(LONDON).isoformat()) == moment
    assert utc(moment.astimezone(LONDON)) == moment


def test_the_minutes_around_midnight_fall_on_londons_date() -> None:
    assert london_date(datetime(2016, 7, 1, 23, 30, tzinfo=UTC)) == date(2016, 7, 2)
    assert london_date(datetime(2016, 1, 1, 23, 30, tzinfo=UTC)) == date(2016, 1, 1)


def test_a_moment_without_an_offset_is_londons() -> None:
    assert utc(parse_moment("2016-07-01T12:00")) == datetime(2016, 7, 1, 11, tzinfo=UTC)
    assert utc(parse_moment("2016-01-01T12:00")) == datetime(2016, 1, 1, 12, tzinfo=UTC)
    assert utc(parse_moment("2016-07-01T12:00+05:00")) == datetime(2016, 7, 1, 7, tzinfo=UTC)


def test_the_hour_that_comes_twice_is_the_first_and_the_hour_that_never_comes_lies_after_the_gap() -> (
    None
):
    assert utc(parse_moment("2016-10-30T01:30")) == datetime(2016, 10, 30, 0, 30, tzinfo=UTC)
    assert utc(parse_moment("2016-03-27T01:30")) == datetime(2016, 3, 27, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "2016-13-01T00:00", "2016-02-30", "01/02/2016"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_moment(text)


def test_one_born_on_29_february_turns_a_year_older_on_1_march_in_a_common_year() -> None:
    born = date(2000, 2, 29)
    assert age_on(born, date(2018, 2, 28)) == 17
    assert age_on(born, date(2018, 3, 1)) == 18
    assert age_on(born, date(2016, 2, 28)) == 15
    assert age_on(born, date(2016, 2, 29)) == 16


@given(DAYS, st.integers(0, 40))
def test_age_grows_on_the_birthday_and_on_no_other_day(born: date, years: int) -> None:
    year = born.year + years
    birthday = date(year, 3, 1) if (born.month, born.day) == (2, 29) and not _leap(year) else (
        born.replace(year=year)
    )  # fmt: skip
    assert age_on(born, birthday) == years
    assert age_on(born, birthday - timedelta(1)) == years - 1


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@given(DAYS)
def test_the_last_day_of_a_month_is_followed_by_the_first_of_the_next(day: date) -> None:
    last = last_day_of_month(day)
    assert (last.year, last.month) == (day.year, day.month)
    assert last + timedelta(1) == add_months(day.replace(day=1), 1)


@given(DAYS, st.integers(-60, 60))
def test_months_forward_and_back_lead_home(day: date, months: int) -> None:
    first = day.replace(day=1)
    assert add_months(add_months(first, months), -months) == first


@pytest.mark.parametrize(
    ("due_on", "note"),
    [
        (date(2026, 4, 4), ""),
        (date(2026, 4, 3), "in 7 days"),
        (date(2026, 3, 29), "in 2 days"),
        (date(2026, 3, 28), "due tomorrow"),
        (date(2026, 3, 27), "due today"),
        (date(2026, 3, 26), "1 working day over"),
        (date(2026, 3, 22), "5 working days over"),
    ],
)
def test_a_late_or_near_review_is_said_in_words(due_on: date, note: str) -> None:
    assert review_note(due_on, date(2026, 3, 27)) == note


def test_a_review_due_at_the_weekend_is_overdue_before_the_next_working_day() -> None:
    assert review_note(date(2026, 3, 21), date(2026, 3, 22)) == "overdue"


def test_our_file_of_bank_holidays_says_what_the_library_says() -> None:
    known = holidays.country_holidays("GB", subdiv="ENG", years=range(1872, 2101))
    years = groupby(sorted(known), lambda day: day.year)
    lines = [f"{year} {' '.join(f'{day:%m-%d}' for day in days)}" for year, days in years]
    held = Path("hub/days/bank_holidays.txt").read_text().splitlines()
    assert held == lines, "Write these lines into the file: the law has changed, or the library."


def test_a_day_is_over_when_the_next_one_begins_in_london() -> None:
    assert day_ends(date(2026, 3, 28)) == datetime(2026, 3, 29, tzinfo=LONDON)
    assert day_ends(date(2026, 12, 31)) == datetime(2027, 1, 1, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 3, 24), date(2026, 3, 23)),
        (date(2026, 3, 23), date(2026, 3, 20)),
        (date(2026, 12, 29), date(2026, 12, 24)),
    ],
)
def test_the_working_day_before_skips_days_of_rest(day: date, before: date) -> None:
    assert working_day_before(day) == before


def test_a_birthday_on_29_february_is_on_1_march_in_a_common_year() -> None:
    assert years_after(date(2012, 2, 29), 18) == date(2030, 3, 1)
    assert years_after(date(2012, 5, 3), 18) == date(2030, 5, 3)


@given(DAYS)
def test_the_working_day_before_is_the_last_one_that_lies_before(day: date) -> None:
    before = working_day_before(day)
    assert is_working_day(before)
    between = (before + timedelta(days=n) for n in range(1, (day - before).days))
    assert before < day
    assert not any(map(is_working_day, between))
