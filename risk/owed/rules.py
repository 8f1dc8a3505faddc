"""What can be owed, in which words, and when it is late.

One list for each person, so that nobody forgets: every row says what, about whom and by when, and opens
the deed itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from hub.days.rules import LONDON, london_date, review_note


class Kind(StrEnum):
    """Of which kind something owed is; the codes stand in addresses."""

    CHECK = "check"
    ACTION = "action"
    REFERRAL = "referral"
    DECISION = "decision"
    FEEDBACK = "feedback"
    VIEW = "view"
    REVIEW = "review"
    DISAGREEMENT = "disagreement"


@dataclass(frozen=True)
class Words:
    """How a kind is called: its list, and what is done about one of it."""

    many: str
    verb: str


WORDS: Mapping[Kind, Words] = {
    Kind.CHECK: Words("Checks", "Answer"),
    Kind.ACTION: Words("Actions", "Say what came of it"),
    Kind.REFERRAL: Words("Referrals", "Put to a child"),
    Kind.DECISION: Words("Decisions", "Set the level"),
    Kind.FEEDBACK: Words("Feedback", "Tell the referrer"),
    Kind.VIEW: Words("Panel", "Say what you think"),
    Kind.REVIEW: Words("Reviews", "Review"),
    Kind.DISAGREEMENT: Words("Disagreements", "Answer"),
}


def kind_of(text: str) -> Kind | None:
    """Read a kind from an address; None for every kind, and for a word that names none."""
    return Kind(text) if text in set(Kind) else None


@dataclass(frozen=True)
class Due:
    """By when something is owed: the day (None: no day was given), a note on it, and whether it is late.

    `at` is the time of day, where one was given.
    """

    day: date | None
    at: datetime | None
    note: str
    late: bool


def due_of(moment: datetime | None, now: datetime) -> Due:
    """Say by when: what is due on a day is due by the midnight that ends it, and names no time."""
    if moment is None:
        return Due(None, None, "", late=False)
    here = moment.astimezone(LONDON)
    midnight = (here.hour, here.minute) == (0, 0)
    day = here.date() - timedelta(days=1) if midnight else here.date()
    late = moment <= now
    note = review_note(day, london_date(now))
    if late and day == london_date(now):
        note = "overdue"
    return Due(day, None if midnight else here, note, late)
