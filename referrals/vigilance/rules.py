"""What is unusual in how a person looks at children's records; a finding asks, and accuses nobody.

Thresholds are constants here. A look is an event of the trail that shows one child's record; lists, searches
and home pages are none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from statistics import median

from hub.days.rules import LONDON, is_working_day
from referrals.search.rules import plain


class Rule(StrEnum):
    """By what an access is unusual."""

    SURNAME = "surname"
    AREA = "area"
    HOURS = "hours"
    MANY = "many"


NIGHT_BEGINS, NIGHT_ENDS = time(22, 0), time(6, 0)  # Europe/London
MORE_THAN = 30  # children in a day
TIMES_THE_HABIT = 3
HABIT = timedelta(days=28)
MOST_NAMED = 10
REVIEWED_WITHIN = 10  # working days
DAYS_LOOKED_AT = 3  # so that a night on which nothing ran is made good by the next

TITLES = {
    Rule.SURNAME: "Own surname",
    Rule.AREA: "Own area",
    Rule.HOURS: "At night or on a rest day",
    Rule.MANY: "Many records",
}
SENTENCES = {
    Rule.SURNAME: "The child has the surname of the person who looked.",
    Rule.AREA: "The children live where the person lives, as far as their administrator has entered it.",
    Rule.HOURS: (
        f"Records were looked at between {NIGHT_BEGINS:%H:%M} and {NIGHT_ENDS:%H:%M},"
        " or on a day that is no working day in England."
    ),
    Rule.MANY: (
        f"The person looked at more than {MORE_THAN} children in a day, and at more than"
        f" {TIMES_THE_HABIT} times as many as on their usual day of the {HABIT.days} days before."
    ),
}


@dataclass(frozen=True)
class Look:
    """That a person looked at a child's record on a day: first, last, and how often.

    `postcode` is where the child lived then; empty where that is unknown or confidential.
    """

    record: str
    surname: str
    first: datetime
    last: datetime
    times: int
    postcode: str = ""


@dataclass(frozen=True)
class Found:
    """A finding: by which rule, about which record (none where it is the whole day's), and why in words."""

    rule: Rule
    why: str
    record: str = ""


def found_in(name: str, day: date, looks: list[Look], home: str = "") -> Iterator[Found]:
    """Judge a person's looks of one day, but for their number, which needs the days before.

    `home` is the beginning of the postcode at which they live, empty where nobody says it.
    """
    for look in looks:
        if same_surname(name, look.surname):
            yield Found(Rule.SURNAME, f"Same surname. Looked {_often(look)}.", look.record)
    if near := [look.record for look in looks if home and in_area(home, look.postcode)]:
        named = ", ".join(near[:MOST_NAMED]) + (" and others" if len(near) > MOST_NAMED else "")
        yield Found(Rule.AREA, f"{_records(len(near))} in the own area: {named}.")
    if not is_working_day(day):
        yield Found(Rule.HOURS, f"{_records(len(looks))} on {day:%A}, no working day.")
    elif late := [look for look in looks if by_night(look)]:
        yield Found(Rule.HOURS, f"{_records(len(late))} at night: {_when(late)}.")


def in_area(area: str, postcode: str) -> bool:
    """Say whether a postcode lies in an area: its first half, or that with the figure after it."""
    whole = "".join(postcode.upper().split())
    outward, inward = whole[:-3], whole[-3:]
    return bool(outward) and area in (outward, f"{outward} {inward[0]}")


def same_surname(name: str, surname: str) -> bool:
    """Say whether an account's name ends in a surname, whatever its case and accents."""
    parts, ending = plain(name).split(), plain(surname).split()
    return 0 < len(ending) < len(parts) and parts[-len(ending) :] == ending


def by_night(look: Look) -> bool:
    """Say whether a record was looked at by night: the day's first or last look shows it."""
    return _hour(look.first) < NIGHT_ENDS or _hour(look.last) >= NIGHT_BEGINS


def found_many(count: int, days_before: Iterable[int]) -> Found | None:
    """Judge how many children somebody looked at in a day, by their own days that had any.

    Who has no such day has no habit: then the number alone decides.
    """
    usual = median([*days_before] or [0])
    if count <= MORE_THAN or count <= TIMES_THE_HABIT * usual:
        return None
    before = f"{usual:g} on the usual day before" if usual else "none in the weeks before"
    return Found(Rule.MANY, f"{_records(count)} in the day, {before}.")


def _hour(moment: datetime) -> time:
    return moment.astimezone(LONDON).time()


def _often(look: Look) -> str:
    first = f"{_hour(look.first):%H:%M}"
    return f"once, at {first}" if look.times == 1 else f"{look.times} times, first at {first}"


def _when(looks: list[Look]) -> str:
    moments = [moment for look in looks for moment in (look.first, look.last)]
    hours = [_hour(m) for m in moments if _hour(m) < NIGHT_ENDS or _hour(m) >= NIGHT_BEGINS]
    said = dict.fromkeys(f"{hour:%H:%M}" for hour in (min(hours), max(hours)))
    return (
        " to ".join(said)
        if min(hours) >= NIGHT_BEGINS or max(hours) < NIGHT_ENDS
        else " and ".join(said)
    )


def _records(count: int) -> str:
    return "1 child's record" if count == 1 else f"{count} children's records"
