"""Days as people type them."""

from datetime import date

import pytest

from hub.days.rules import read_day, read_typed_day

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("3/5/2010", date(2010, 5, 3)),
        ("03/05/2010", date(2010, 5, 3)),
        ("3-5-2010", date(2010, 5, 3)),
        ("3.5.10", date(2010, 5, 3)),
        (" 3  May 2010 ", date(2010, 5, 3)),
        ("3 may 10", date(2010, 5, 3)),
        ("2010-05-03", date(2010, 5, 3)),
        ("29/2/16", date(2016, 2, 29)),
        ("31/12/27", date(2027, 12, 31)),
        ("31/12/28", date(1928, 12, 31)),
        ("29/2/40", date(1940, 2, 29)),
        ("3/5/2050", date(2050, 5, 3)),
    ],
)
def test_a_day_is_read_as_people_type_it(typed: str, day: date) -> None:
    assert read_day(typed, TODAY) == day


@pytest.mark.parametrize("typed", ["", "yesterday", "31/2/2010", "5/2010", "2010/123", "3/5/2010x"])
def test_what_is_no_day_gives_none(typed: str) -> None:
    assert read_day(typed, TODAY) is None


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (" Today ", date(2026, 3, 2)),
        ("+28", date(2026, 3, 30)),
        ("-7", date(2026, 2, 23)),
        ("+0", date(2026, 3, 2)),
        ("+9999", date(2053, 7, 17)),
        ("3 May 10", date(2010, 5, 3)),
        ("31/12/27", date(2027, 12, 31)),
    ],
)
def test_a_form_takes_today_and_days_counted_from_it_as_well(typed: str, day: date) -> None:
    assert read_typed_day(typed, TODAY) == day


@pytest.mark.parametrize("typed", ["", "+", "-", "+10000", "+1.5", "+²", "+٣", "28", "x28", "+x"])
def test_what_counts_no_days_gives_none(typed: str) -> None:
    assert read_typed_day(typed, TODAY) is None
