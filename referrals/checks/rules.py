"""What is asked of the agencies about a child, by when they answer, and what an answer needs.

Each agency looks in its own records before the daily meeting, and says so also where it holds nothing
(the hub's report of September 2016, appendix 1: partnership research).
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from hub.days.rules import LONDON, add_working_days, london_date
from referrals.notes.rules import HUB, Problem, marking_problem

WHY = {
    "new_referral": "New referral",
    "new_information": "New information",
    "meeting": "Asked by the meeting",
}
HELD, NOTHING_HELD = "held", "nothing"
KNOWS = {HELD: "We know something", NOTHING_HELD: "Nothing held"}
LONGEST = 10_000
SOURCES_LONGEST = 300

OUTSTANDING, OVERDUE, ANSWERED, SETTLED, LAPSED, WITHDRAWN = (
    "Outstanding",
    "Overdue",
    "Answered",
    "Answered, decided since",
    "Not answered before the decision",
    "Not asked any more",
)
# What an agency may still do with a check that stands so.
ANSWER, CHANGE, NOTHING = "answer", "change", ""
OPEN_TO = {
    OUTSTANDING: ANSWER,
    OVERDUE: ANSWER,
    ANSWERED: CHANGE,
    SETTLED: NOTHING,
    LAPSED: NOTHING,
    WITHDRAWN: NOTHING,
}
REMIND_BEFORE = timedelta(hours=1)
# After a longer stop of the timer a reminder of yesterday helps nobody.
REMIND_WITHIN = timedelta(hours=24)
BEFORE, AFTER = "before", "after"
REMINDERS = {BEFORE: "due within the hour", AFTER: "overdue"}
# So long an answer is listed for its own agency; the child's page has it for good.
LISTED_FOR = timedelta(days=28)


@dataclass(frozen=True)
class Answered:
    """What an agency says of a child, which of its sources it looked at, and the marking of its words.

    `knows` is a code of `KNOWS`; the marking is a note's (referrals/notes/rules.py).
    """

    knows: str
    sources: str
    text: str = ""
    seen_by: str = HUB
    for_agencies: tuple[int, ...] = ()
    conditions: str = ""
    source_protected: bool = False


def due_at(asked_at: datetime, by: time) -> datetime:
    """Say by when an answer is due: at that time of the next working day after the one it was asked on."""
    return datetime.combine(
        add_working_days(london_date(asked_at) + timedelta(days=1), 0), by, LONDON
    )


def answer_problem(answered: Answered) -> Problem | None:
    """Say what is wrong with an answer to be kept, or None."""
    if answered.knows not in KNOWS:
        return Problem("knows", "Choose whether your agency knows something.")
    said = answered.text.strip()
    if answered.knows == HELD and not said:
        return Problem("text", "Write what your agency knows.")
    if answered.knows == NOTHING_HELD and said:
        return Problem("knows", f"Something is written: choose “{KNOWS[HELD]}”, or take it out.")
    if len(said) > LONGEST:
        return Problem("text", "An answer has at most 10,000 characters. Write the rest in a note.")
    return _wrong_sources(answered.sources.strip()) or marking_problem(answered)


def _wrong_sources(sources: str) -> Problem | None:
    if not sources:
        return Problem("sources", "Write where your agency looked.")
    if len(sources) > SOURCES_LONGEST:
        return Problem("sources", "Write where your agency looked in at most 300 characters.")
    return None


def state_of(
    *, answered: bool, decided: bool, due: datetime, now: datetime, withdrawn: bool = False
) -> str:
    """Say how a check stands; `decided`: a level was set since it was asked, or the episode is closed.

    `withdrawn`: it was asked for a referral that turned out to be another child's.
    """
    if withdrawn:
        return WITHDRAWN
    if decided:
        return SETTLED if answered else LAPSED
    if answered:
        return ANSWERED
    return OVERDUE if due < now else OUTSTANDING


@dataclass(frozen=True)
class Stand:
    """How what was asked since the last decision stands: of each agency what it was asked last.

    `waiting` are the names of those that have not answered in time yet, `late` of those that are over it.
    """

    answered: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    late: tuple[str, ...] = ()

    @property
    def asked(self) -> int:
        """How many agencies were asked."""
        return len(self.answered) + len(self.waiting) + len(self.late)

    @property
    def back(self) -> str:
        """Say how many answers are back: "4 of 5 back"; nothing where nobody was asked."""
        return f"{len(self.answered)} of {self.asked} back" if self.asked else ""

    @property
    def missing(self) -> str:
        """Name who has not answered, those who are late in front: "Police (overdue), Health"."""
        return ", ".join([*(f"{name} (overdue)" for name in self.late), *self.waiting])


def reminder_of(due: datetime, now: datetime) -> str:
    """Say which reminder of what is outstanding is due at a moment, or nothing."""
    if due - REMIND_BEFORE <= now < due:
        return BEFORE
    return AFTER if due <= now < due + REMIND_WITHIN else ""
