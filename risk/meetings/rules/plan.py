"""How a meeting is to be held."""

from dataclasses import dataclass
from datetime import date, time

from risk.meetings.rules.calendar import Every
from risk.meetings.rules.quorum import QUORUM


@dataclass(frozen=True)
class Plan:
    """How a meeting is to be held (MeetingSeries says what each means)."""

    name: str
    takes: str
    weekdays: tuple[int, ...]
    starts_at: time
    since: date
    every: Every = Every.WEEK
    weeks: int = 1
    until: date | None = None
    levels: tuple[str, ...] = ()
    most: int | None = None
    missing_on: tuple[int, ...] = ()
    missing_at: time | None = None
    settles: bool = False
    quorum: tuple[str, ...] = QUORUM
    terms: str = ""
