"""Police intelligence and its grading, 3x5x2: who told it, how sure it is, who may have it.

The grading of the College of Policing's intelligence report, in force since 5x5x5 was given up: three
evaluations of the source, five assessments of the intelligence, two handling codes.
"""

from dataclasses import dataclass
from datetime import date, datetime

from hub.days.rules import london_date

SOURCES = {"1": "1: reliable", "2": "2: untested", "3": "3: not reliable"}
ASSESSMENTS = {
    "A": "A: known directly",
    "B": "B: known indirectly, but corroborated",
    "C": "C: known indirectly",
    "D": "D: not known",
    "E": "E: suspected to be false",
}
PERMITTED, CONDITIONAL = "P", "C"
HANDLING = {
    PERMITTED: "P: lawful sharing permitted, with the hub's agencies that see whole cases",
    CONDITIONAL: "C: police alone, until it is released to an agency with conditions",
}
LONGEST = 5_000
CONDITIONS_LONGEST = 500


@dataclass(frozen=True)
class Logged:
    """An intelligence log as it is typed: of which day, what it says, and its grading."""

    happened_on: date
    text: str
    evaluation: str
    assessment: str
    handling: str
    conditions: str = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong, and beside which field the message belongs."""

    field: str
    message: str


def problem_with(logged: Logged, *, now: datetime) -> Problem | None:
    """Say what is wrong with a log to be kept, or None."""
    if not logged.text.strip():
        return Problem("text", "Write what the intelligence says.")
    if len(logged.text) > LONGEST:
        return Problem("text", "A log has at most 5,000 characters. Write a second one.")
    if logged.happened_on > london_date(now):
        return Problem("happened_on", "The day lies in the future. Give the day it is of.")
    return _wrong_grading(logged)


def _wrong_grading(logged: Logged) -> Problem | None:
    if logged.evaluation not in SOURCES:
        return Problem("evaluation", "Choose how reliable the source is.")
    if logged.assessment not in ASSESSMENTS:
        return Problem("assessment", "Choose how the intelligence is known.")
    if logged.handling not in HANDLING:
        return Problem("handling", "Choose the handling code.")
    return _wrong_conditions(logged.handling, logged.conditions)


def _wrong_conditions(handling: str, conditions: str) -> Problem | None:
    if handling == CONDITIONAL and not conditions.strip():
        return Problem("conditions", "Write the conditions: handling code C has some.")
    if len(conditions) > CONDITIONS_LONGEST:
        return Problem("conditions", "Write the conditions in at most 500 characters.")
    return None


def grading(evaluation: str, assessment: str, handling: str) -> str:
    """Write a grading as it is said: "1B, handling code P"."""
    return f"{evaluation}{assessment}, handling code {handling}"


def problem_with_release(because: str, conditions: str) -> Problem | None:
    """Say what a release lacks, or None: it has a reason, and its own conditions."""
    if not because.strip():
        return Problem("because", "Write why it is released.")
    if not conditions.strip():
        return Problem("conditions", "Write what the agency may do with it, and what not.")
    if len(conditions) > CONDITIONS_LONGEST:
        return Problem("conditions", "Write the conditions in at most 500 characters.")
    return None
