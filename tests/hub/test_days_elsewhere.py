"""London's dates, on a machine that lives in another zone; and single days worked out by hand."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from hub.days.rules import LONDON, add_working_days, last_day_of_month, london_date, noon, utc
from risk.owed.rules import due_of


@pytest.fixture
def machine_in_auckland(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's own clock half a day ahead of London's."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Pacific/Auckland")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("machine_in_auckland")
def test_londons_date_does_not_depend_on_where_the_machine_lives() -> None:
    assert london_date(datetime(2016, 1, 1, 12, tzinfo=UTC)) == date(2016, 1, 1)
    assert noon(date(2016, 7, 1)) == datetime(2016, 7, 1, 11, tzinfo=UTC)
    assert noon(date(2016, 7, 1)).tzinfo is LONDON


@pytest.mark.usefixtures("machine_in_auckland")
def test_what_is_owed_is_due_by_londons_clock() -> None:
    moment = datetime(2016, 7, 1, 12, tzinfo=UTC)
    owed = due_of(moment, moment)
    assert (owed.day, owed.at and owed.at.tzinfo) == (date(2016, 7, 1), LONDON)


@pytest.mark.usefixtures("machine_in_auckland")
def test_a_moment_is_stored_in_utc() -> None:
    assert utc(datetime(2016, 7, 1, 12, tzinfo=LONDON)).isoformat() == "2016-07-01T11:00:00+00:00"


@pytest.mark.parametrize("rest_day", [date(2016, 4, 2), date(2016, 4, 3), date(2016, 3, 25)])
def test_after_a_rest_day_comes_the_very_next_working_day(rest_day: date) -> None:
    monday = date(2016, 3, 29) if rest_day.month == 3 else date(2016, 4, 4)
    assert add_working_days(rest_day, 0) == monday


@pytest.mark.parametrize(
    ("day", "last"), [(date(2016, 2, 1), 29), (date(2015, 2, 28), 28), (date(2016, 12, 31), 31)]
)
def test_months_have_their_own_last_days(day: date, last: int) -> None:
    assert last_day_of_month(day) == day.replace(day=last)
