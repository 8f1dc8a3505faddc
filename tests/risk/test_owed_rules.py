"""What is owed in words: by when, whether it is late, and which kind an address asks for."""

from datetime import UTC, date, datetime

import pytest

from hub.days.rules import LONDON, day_ends
from risk.owed.rules import WORDS, Due, Kind, due_of, kind_of

FRIDAY = date(2026, 3, 27)
NOON = datetime(2026, 3, 27, 12, 0, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("day", "note", "late"),
    [
        (date(2026, 3, 25), "2 working days over", True),
        (date(2026, 3, 26), "1 working day over", True),
        (date(2026, 3, 27), "due today", False),
        (date(2026, 3, 28), "due tomorrow", False),
        (date(2026, 3, 31), "in 4 days", False),
        (date(2026, 4, 30), "", False),
    ],
)
def test_what_is_due_on_a_day_is_late_when_that_day_is_over(
    day: date, note: str, late: bool
) -> None:
    assert due_of(day_ends(day), NOON) == Due(day, None, note, late=late)


def test_the_midnight_itself_is_the_first_late_moment() -> None:
    end = day_ends(FRIDAY)
    assert due_of(end, end).late
    assert not due_of(end, end.replace(hour=0) - (end - NOON)).late


def test_what_is_due_at_an_hour_says_the_hour_and_is_late_after_it() -> None:
    due = datetime(2026, 3, 27, 8, 30, tzinfo=UTC)
    early = datetime(2026, 3, 27, 8, 29, tzinfo=UTC)
    assert due_of(due, early) == Due(FRIDAY, due, "due today", late=False)
    assert due_of(due, NOON) == Due(FRIDAY, due, "overdue", late=True)
    half_past_midnight = datetime(2026, 3, 27, 0, 30, tzinfo=UTC)
    assert due_of(half_past_midnight, NOON).day == FRIDAY
    on_the_hour = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)
    assert due_of(on_the_hour, NOON).at == on_the_hour


def test_a_day_is_londons_also_in_summer() -> None:
    end = datetime(2026, 7, 1, 23, 0, tzinfo=UTC)  # midnight in London
    assert due_of(end, NOON).day == date(2026, 7, 1)
    assert due_of(end, NOON).at is None


def test_what_has_no_day_is_never_late() -> None:
    assert due_of(None, NOON) == Due(None, None, "", late=False)


def test_an_address_names_a_kind_or_every_kind() -> None:
    assert kind_of("review") is Kind.REVIEW
    assert kind_of("") is None
    assert kind_of("nothing") is None
    assert set(WORDS) == set(Kind)
