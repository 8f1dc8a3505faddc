"""The calendar of a hub: weekdays for decisions, Thursdays for changes of level, birthdays."""

from datetime import date
from functools import cache

THURSDAY = 3
SATURDAY = 5


def after(day: date, days: int) -> date:
    """Give the day that lies so many days later (or earlier, if negative)."""
    return date.fromordinal(day.toordinal() + days)


def between(first: date, last: date) -> int:
    """Count the days from one to the other."""
    return last.toordinal() - first.toordinal()


def weekday_from(day: date) -> date:
    """Give the day itself, or the Monday after a weekend."""
    over = day.weekday() - SATURDAY
    return day if over < 0 else after(day, 2 - over)


def weekday_until(day: date) -> date:
    """Give the day itself, or the Friday before a weekend."""
    over = day.weekday() - SATURDAY
    return day if over < 0 else after(day, -1 - over)


def thursday_from(day: date) -> date:
    """Give the first Thursday from this day on: the weekly meeting that decides on levels."""
    return after(day, (THURSDAY - day.weekday()) % 7)


def birthday(born: date, years: int) -> date:
    """Give the day of turning so many years; born on 29 February: 1 March in a common year."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


@cache
def weekdays_of(year: int, month: int) -> tuple[date, ...]:
    """List a month's Mondays to Fridays."""
    first = date(year, month, 1)
    days = [after(first, n) for n in range(31)]
    return tuple(day for day in days if day.month == month and day.weekday() < SATURDAY)
