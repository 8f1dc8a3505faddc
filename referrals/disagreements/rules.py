"""How a professional disagreement goes up, by when each level answers, and how it ends.

Agencies resolve what they disagree about by the board's policy on professional disagreement and escalation
(Bradford's arrangements of 2019, appendix B, section 8; the report of 2016, appendix 3, 07.5 and 19.1). The
levels are this project's (partners/partnerships): neither paper names them. Their days each hub sets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hub.days.rules import add_working_days
from partners.partnerships.rules import LADDER

OPEN, AGREED, DECIDED, TAKEN_BACK = "open", "agreed", "decided", "taken_back"
STATES: Mapping[str, str] = {
    OPEN: "Open",
    AGREED: "Agreed",
    DECIDED: "Decided at this level",
    TAKEN_BACK: "Taken back",
}
OUTCOMES = (AGREED, DECIDED, TAKEN_BACK)
# How one ends for whom the hub decides: an agency outside it, which sees a part of the case.
OUTSIDE_OUTCOMES = (AGREED, TAKEN_BACK)
LONGEST = 2_000
LOWEST = 1
NO_WORDS = "Write the reason: it is read for ever."
TOO_LONG = "Write at most 2,000 characters."
NO_ISSUE = "Write what you disagree about, and what you would do."
THEMSELVES = "Choose another agency than your own."
NO_LEVEL_ABOVE = "There is no level above this one. Settle it here."
SETTLED = "This disagreement is settled. A new one is raised on the episode."
NOBODY_DECIDES = (
    "Practitioners agree, or take it up to their managers: nobody decides alone at this level."
)
NOT_YOURS_TO_TAKE_BACK = "Only the agency that raised it takes it back."
NOT_YOURS_TO_DECIDE = "The hub records what was decided. Choose another end."
NOT_REFERRED = (
    "No episode of this child is shared with your agency, so there is nothing to raise it on."
    " Talk to the child's lead worker."
)
NO_HUB = "This hub has no social care that could answer. Talk to the hub's manager."
NO_OUTCOME = "Choose how it ends."


# Who talks at each level.
LEVELS: Mapping[int, str] = dict(enumerate(LADDER, LOWEST))


@dataclass(frozen=True)
class Problem:
    """What is wrong, and beside which field the message belongs."""

    field: str
    message: str


# Who answers at each level, and within how many working days: the partnership's own (Practice).
Ladder = Sequence[tuple[str, int]]


def due_on(level: int, day: date, ladder: Ladder) -> date:
    """Say by when a level answers what reaches it on a day."""
    _who, days = ladder[level - LOWEST]
    return add_working_days(day, days)


def words_problem(field: str, words: str, missing: str) -> Problem | None:
    """Say what is wrong with words that must be there, or None."""
    if not words.strip():
        return Problem(field, missing)
    return Problem(field, TOO_LONG) if len(words.strip()) > LONGEST else None


def raising_problem(issue: str, *, own: int | None, against: int) -> Problem | None:
    """Say what keeps a disagreement from being raised, or None; the agencies by their numbers."""
    if own == against:
        return Problem("against", THEMSELVES)
    return words_problem("issue", issue, NO_ISSUE)


def taking_up_problem(*, state: str, level: int, words: str) -> Problem | None:
    """Say what keeps it from going a level up, or None."""
    if state != OPEN:
        return Problem("words", SETTLED)
    if level + 1 not in LEVELS:
        return Problem("words", NO_LEVEL_ABOVE)
    return words_problem("words", words, NO_WORDS)


def outcomes_for(*, outside: bool) -> tuple[str, ...]:
    """Give the ends that a person may record; `outside`: they see a part of the case alone."""
    return OUTSIDE_OUTCOMES if outside else OUTCOMES


def settling_problem(
    *, state: str, level: int, outcome: str, words: str, raised_it: bool, outside: bool = False
) -> Problem | None:
    """Say what keeps it from ending so, or None; `raised_it`: the person is of the agency that did."""
    if state != OPEN:
        return Problem("outcome", SETTLED)
    if outcome not in OUTCOMES:
        return Problem("outcome", NO_OUTCOME)
    if outcome not in outcomes_for(outside=outside):
        return Problem("outcome", NOT_YOURS_TO_DECIDE)
    if outcome == DECIDED and level == LOWEST:
        return Problem("outcome", NOBODY_DECIDES)
    if outcome == TAKEN_BACK and not raised_it:
        return Problem("outcome", NOT_YOURS_TO_TAKE_BACK)
    return words_problem("words", words, NO_WORDS)
