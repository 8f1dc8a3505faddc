"""When a meeting takes place: on its weekdays, or once a month, on working days alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from hub.days.rules import add_working_days, is_working_day

LONGEST_LOOK = 400


class Every(StrEnum):
    """How often: on the weekdays of each week, or on the first of those weekdays in each month."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Rhythm:
    """The weekdays (Monday is 0) on which a meeting takes place, from a day on.

    `weeks`: it takes place every so many weeks, counted from the week of `since`. A day of rest has no
    meeting; a meeting once a month moves to the next working day instead.
    """

    every: Every
    weekdays: tuple[int, ...]
    since: date
    weeks: int = 1


def is_on(rhythm: Rhythm, day: date) -> bool:
    """Say whether the meeting takes place on a day."""
    if day < rhythm.since or not is_working_day(day):
        return False
    if rhythm.every is Every.MONTH:
        return day == _of_the_month(rhythm, day)
    apart = (_monday(day) - _monday(rhythm.since)).days
    return day.weekday() in rhythm.weekdays and apart % (7 * rhythm.weeks) == 0


def next_on(rhythm: Rhythm, day: date) -> date | None:
    """Give the first day of the meeting on or after a day; None where it has none within a year."""
    return next((on for on in _days_from(day) if is_on(rhythm, on)), None)


def _of_the_month(rhythm: Rhythm, day: date) -> date:
    first = day.replace(day=1)
    on = next(d for d in _days_from(first) if d.weekday() in rhythm.weekdays)
    return add_working_days(on, 0)


def _days_from(day: date) -> Iterator[date]:
    return (day + timedelta(days=ahead) for ahead in range(LONGEST_LOOK))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
