"""How long somebody is newly qualified or away, and what a cover must be.

"Newly qualified social workers should not have case responsibility where CSE is involved" (the hub's report
of September 2016, appendix 5, recommendation 6): they lead no such case, and may work on it beside the lead.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from hub.access.rules import Role
from hub.days.rules import years_after

CSE = "CSE"
# The assessed and supported year in employment, and as long again where it is interrupted.
LONGEST_YEARS = 2
LONGEST_AWAY = timedelta(days=366)
NOT_A_SOCIAL_WORKER = (
    "Only a social worker can be newly qualified. Give the person that post first."
)
HOW_LONG = "The last day must lie on or after the first, and within two years of it."
OVER = "The last day lies behind. Give today or a later day."
AWAY_BACKWARDS = "The last day lies before the first. Give a later one."
AWAY_LONG = "Enter at most a year. For longer, end the post and hand the cases over."
NOT_ONESELF = "Nobody covers for themselves. Choose a colleague."
ELSEWHERE = "Choose a colleague of the same agency: nobody else does what that agency is asked."
OPENS_LESS = "Choose somebody whose role sees cases as theirs does."


@dataclass(frozen=True)
class Problem:
    """What is wrong, and beside which field the message belongs."""

    field: str
    message: str


@dataclass(frozen=True)
class Days:
    """From which day to which, the last one included."""

    first: date
    last: date

    def meets(self, other: "Days") -> bool:
        """Say whether they have a day in common."""
        return self.first <= other.last and other.first <= self.last


def qualifying_problem(role: str, days: Days, today: date) -> Problem | None:
    """Say what keeps a person from being entered as newly qualified, or None."""
    if role != Role.SOCIAL_WORKER:
        return Problem("ends_on", NOT_A_SOCIAL_WORKER)
    if not days.first <= days.last <= years_after(days.first, LONGEST_YEARS):
        return Problem("ends_on", HOW_LONG)
    return Problem("ends_on", OVER) if days.last < today else None


def involves_cse(types: Iterable[str]) -> bool:
    """Say whether CSE is among the kinds of exploitation; where none is named it counts as CSE."""
    named = set(types)
    return not named or CSE in named


def refusal(name: str, until: date) -> str:
    """Say why, and what may be done instead."""
    return (
        f"{name} is newly qualified until {until.day} {until:%B %Y}, and leads no case in which CSE is"
        " feared. Choose somebody else, or let them work on it beside the lead."
    )


@dataclass(frozen=True)
class Colleague:
    """What counts of one who is away or covers: the person, the agency, and whether their role sees cases."""

    number: int
    agency: int | None
    sees_cases: bool


def away_problem(days: Days, away: Colleague, cover: Colleague, today: date) -> Problem | None:
    """Say what is wrong with an absence and its cover, or None."""
    if days.last < days.first:
        return Problem("ends_on", AWAY_BACKWARDS)
    if days.last < today:
        return Problem("ends_on", OVER)
    if days.last - days.first >= LONGEST_AWAY:
        return Problem("ends_on", AWAY_LONG)
    if cover.number == away.number:
        return Problem("cover", NOT_ONESELF)
    if cover.agency is None or cover.agency != away.agency:
        return Problem("cover", ELSEWHERE)
    return None if cover.sees_cases or not away.sees_cases else Problem("cover", OPENS_LESS)
