"""What stands on the list of a day's meeting, in which group, and why: made from dates alone.

The groups and their order are the daily meeting's (the hub's report of September 2016, paragraph 2.14:
missing from home, new and updated cases, new intelligence). A child stands on the list once, in the first
group that it has a reason for, with all its reasons.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from hub.days.rules import (
    LONDON,
    add_working_days,
    is_working_day,
    london_date,
    read_typed_day,
    working_day_before,
)

MISSING, REFERRAL, INFORMATION, REVIEW, CARRIED = range(1, 6)
GROUPS = {
    MISSING: "Missing",
    REFERRAL: "New referrals",
    INFORMATION: "New information",
    REVIEW: "Reviews due",
    CARRIED: "Carried over",
}
# What an item is. In which group it stands when it came since the last meeting, and when it was on an earlier
# list and nobody has decided yet.
STILL_MISSING, WENT_MISSING = "still_missing", "went_missing"
REFERRED, TOLD, DUE = "referred", "told", "due"
PLACES: dict[str, tuple[int, int | None]] = {
    STILL_MISSING: (MISSING, MISSING),
    WENT_MISSING: (MISSING, None),  # back again, and heard of at an earlier meeting
    REFERRED: (REFERRAL, CARRIED),
    TOLD: (INFORMATION, CARRIED),
    DUE: (REVIEW, CARRIED),
}
NO_DAY = "Give the day as a date, for example 29/3/2016."
FIRST = date(2000, 1, 1)
NO_LIST = "No meeting was held on {}: it is no working day, or lies too far back. Give another day."
NOT_THEN = "There is a list for today's meeting and for the next one alone. This is today's."


@dataclass(frozen=True)
class Window:
    """The day of a meeting, when it begins, and when the one before it began."""

    day: date
    since: datetime
    until: datetime

    @property
    def last_day(self) -> date:
        """The day of the meeting before."""
        return london_date(self.since)


@dataclass(frozen=True)
class Item:
    """Something that brings a child onto the list: of which kind, since when, and in words why."""

    child: int
    kind: str
    at: datetime
    why: str


@dataclass(frozen=True)
class Place:
    """A child's place on the list: its group, and all its reasons, the first one first."""

    child: int
    group: int
    since: datetime
    reasons: tuple[str, ...]


def day_of(moment: datetime) -> date:
    """Give the day whose list is today's: the day itself, or the next working day."""
    return add_working_days(london_date(moment), 0)


def day_after(day: date) -> date:
    """Give the working day after a day."""
    return add_working_days(day + timedelta(days=1), 0)


def window_of(day: date, meets_at: time) -> Window:
    """Say from when to when something is new to the meeting of a working day."""
    since, until = (
        datetime.combine(each, meets_at, LONDON) for each in (working_day_before(day), day)
    )
    return Window(day, since, until)


def begin_of(day: date) -> datetime:
    """Give the moment from which something of a day counts, where it has no time: a review due on it."""
    return datetime.combine(day, time.min, LONDON)


def asked_day(typed: str, now: datetime) -> tuple[date, str]:
    """Read for which day the list is asked; where there is none for it, give today's and say why."""
    today = day_of(now)
    if not typed:
        return today, ""
    day = read_typed_day(typed, london_date(now))
    if day is None:
        return today, NO_DAY
    return (day, "") if day in (today, day_after(today)) else (today, NOT_THEN)


def past_day(typed: str, now: datetime) -> tuple[date | None, str]:
    """Read of which past day the list is asked; where there is none for it, say why."""
    day = read_typed_day(typed, london_date(now))
    if day is None:
        return None, NO_DAY
    if day < FIRST or not is_working_day(day):
        return None, NO_LIST.format(f"{day.day} {day:%B %Y}")
    return day, ""


def group_of(kind: str, at: datetime, window: Window) -> int | None:
    """Say in which group an undecided item stands on that day's list; None where it does not."""
    if at > window.until:
        return None
    fresh, old = PLACES[kind]
    return fresh if at > window.since else old


def with_kept(items: Iterable[Item], kept: Mapping[int, int]) -> list[Item]:
    """Put what stands on a joined record to the child it is joined to: a child stands on the list once."""
    return [replace(item, child=kept[item.child]) if item.child in kept else item for item in items]


def arranged(items: Iterable[Item], window: Window) -> list[Place]:
    """Give each child one place: by the group, then by what has waited longest."""
    found: dict[int, list[tuple[int, datetime, str]]] = defaultdict(list)
    for item in items:
        group = group_of(item.kind, item.at, window)
        if group is not None:
            found[item.child].append((group, item.at, item.why))
    places = [_place(child, sorted(reasons)) for child, reasons in found.items()]
    return sorted(places, key=lambda place: (place.group, place.since, place.child))


def _place(child: int, reasons: list[tuple[int, datetime, str]]) -> Place:
    group, since, _why = reasons[0]
    return Place(child, group, since, tuple(dict.fromkeys(why for _group, _at, why in reasons)))


def nth(number: int) -> str:
    """Say which of a child's episodes one is, by its number: "3rd episode"; nothing of the first."""
    if number < 2:
        return ""
    last = 0 if number % 100 in (11, 12, 13) else number % 10
    ending = {1: "st", 2: "nd", 3: "rd"}.get(last, "th")
    return f"{number}{ending} episode"
