"""When something was decided: now, or at a time of the meeting's day that is entered afterwards.

A day without power is written on paper; what was decided on it counts from then, and says that it was
entered later.
"""

from datetime import date, datetime, time

from hub.days.rules import LONDON, london_date
from hub.errors import RuleBroken

FIELD = "decided_at"
PAST = (
    "This meeting's day is past: give the time at which it was decided. What is decided now belongs to "
    "today's meeting."
)
AHEAD = "This time has not come yet. Give the time at which it was decided."


def moment_of(held_on: date, typed: time | None, now: datetime) -> datetime:
    """Give the moment of a decision: now, unless a time of the meeting's day is given; a past day needs it.

    Raises RuleBroken for a past day without a time, and for a time to come.
    """
    if typed is None:
        if held_on < london_date(now):
            raise RuleBroken("decision.past", PAST, FIELD)
        return now
    at = datetime.combine(held_on, typed, LONDON)
    if at > now:
        raise RuleBroken("decision.ahead", AHEAD, FIELD)
    return at


def entered_later(decided_at: datetime, known_from: datetime) -> bool:
    """Say whether a decision was entered afterwards."""
    return decided_at < known_from


def held_later(held_on: date, opened_at: datetime) -> bool:
    """Say whether a meeting was put into the system on a later day than it was held."""
    return london_date(opened_at) > held_on
