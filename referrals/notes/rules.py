"""What a note about a child needs: its kinds, its day, its words, and the right to write it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from hub.access.rules import Permission, Standing
from hub.days.rules import LONDON, london_date

# The first is what the form begins with; the others are contacts.
KINDS = {
    "note": "Note",
    "visit": "Visit",
    "telephone": "Telephone call",
    "message": "Message",
    "meeting": "Meeting",
    "return_interview": "Return home conversation",
    "session": "Direct work with the child",
    "other_contact": "Other contact",
    "information": "New information",
}
# What only new information on an episode is (referrals/information): nobody chooses it.
NEW_INFORMATION = "information"
LONGEST = 20_000
WITH_LONGEST = 200
CONDITIONS_LONGEST = 300

# Who may see a note, of those who may see the child; its own agency does always. The first is what the form
# begins with. "The hub's agencies": those whose people see whole cases.
HUB, EVERYBODY, NAMED, OWN = "hub", "everybody", "named", "own"
SEEN_BY = {
    HUB: "The hub's agencies, no charity",
    EVERYBODY: "Everybody who may see the child, charities too",
    NAMED: "My agency and those ticked below",
    OWN: "My agency alone",
}
TAGS = {HUB: "Hub agencies only", EVERYBODY: "Charities too", NAMED: "Only", OWN: "Only"}
PROTECTED = "Source protected"


@dataclass(frozen=True)
class Written:
    """What a person wrote down: of which day (and time, Europe/London, where known), and with whom.

    `own_words` quotes the child and nobody else (working together with children starts from them).
    The last four are its handling marking: who may see it (`SEEN_BY`), the numbers of the agencies
    named, conditions in words, and whether other agencies are told who the source was.
    """

    happened_on: date
    text: str = ""
    own_words: str = ""
    kind: str = "note"
    happened_time: time | None = None
    with_whom: str = ""
    seen_by: str = HUB
    for_agencies: tuple[int, ...] = ()
    conditions: str = ""
    source_protected: bool = False

    @property
    def happened_at(self) -> datetime | None:
        """The moment, where the time of day is known."""
        if self.happened_time is None:
            return None
        return datetime.combine(self.happened_on, self.happened_time, LONDON)


class Marked(Protocol):
    """What bears a handling marking: a note, or an agency's answer to a check."""

    @property
    def seen_by(self) -> str:
        """Who may see it: a code of `SEEN_BY`."""

    @property
    def for_agencies(self) -> tuple[int, ...]:
        """The numbers of the agencies named."""

    @property
    def conditions(self) -> str:
        """The conditions in words."""


def right_to_write(standing: Standing | None) -> Permission:
    """Name the right by which a person writes notes: of the children shared with them, or of any child."""
    shared = standing is not None and standing.may(Permission.SHARED_NOTES_RECORD)
    return Permission.SHARED_NOTES_RECORD if shared else Permission.NOTES_RECORD


@dataclass(frozen=True)
class Problem:
    """What is wrong, and beside which field the message belongs."""

    field: str
    message: str


def problem_with(written: Written, *, born: date, now: datetime) -> Problem | None:
    """Say what is wrong with a note to be kept, or None."""
    if not written.text.strip() and not written.own_words.strip():
        return Problem("text", "Write what happened, or what the child said.")
    if written.kind not in KINDS:
        return Problem("kind", "Choose what kind of note this is.")
    if max(len(written.text), len(written.own_words)) > LONGEST:
        return Problem("text", "A note has at most 20,000 characters. Write a second one.")
    if len(written.with_whom) > WITH_LONGEST:
        return Problem("with_whom", "Write with whom in at most 200 characters.")
    return marking_problem(written) or _wrong_day(written, born, now)


def marking_problem(marked: Marked) -> Problem | None:
    """Say what leaves it open who may see a note: then it is not kept, rather than shown too widely."""
    if marked.seen_by not in SEEN_BY:
        return Problem("seen_by", "Choose who may see it.")
    if marked.seen_by == NAMED and not marked.for_agencies:
        return Problem("for_agencies", "Tick the agencies that may see it, or choose others.")
    if marked.seen_by != NAMED and marked.for_agencies:
        return Problem(
            "seen_by", f"Agencies are ticked: choose “{SEEN_BY[NAMED]}”, or untick them."
        )
    if len(marked.conditions) > CONDITIONS_LONGEST:
        return Problem("conditions", "Write the conditions in at most 300 characters.")
    return None


def _wrong_day(written: Written, born: date, now: datetime) -> Problem | None:
    if written.happened_on > london_date(now):
        return Problem("happened_on", "The day lies in the future. Give the day it happened.")
    if written.happened_on < born:
        return Problem("happened_on", "The day lies before the child's birth. Check the year.")
    # A clock that is a little ahead is no future.
    if written.happened_at and written.happened_at > now + timedelta(minutes=5):
        return Problem("happened_time", "The time lies in the future. Give the time it happened.")
    return None


def tag_of(seen_by: str, agency: str, named: Iterable[str]) -> str:
    """Say in a few words who may see a note: "Only Police, Health"."""
    if seen_by not in (NAMED, OWN):
        return TAGS[seen_by]
    who = [agency, *(named if seen_by == NAMED else ())]
    return f"{TAGS[seen_by]} {', '.join(filter(None, who)) or 'its author'}"


def title_of(kind: str, with_whom: str) -> str:
    """Write what took place: "Telephone call with the school nurse"."""
    label = KINDS.get(kind, KINDS["note"])
    return f"{label} with {with_whom}" if with_whom else label


def ago(happened_on: date, day: date) -> str:
    """Say how long before a day something happened, in the largest whole unit."""
    days = (day - happened_on).days
    for length, name in ((365, "year"), (30, "month"), (7, "week"), (1, "day")):
        number = days // length
        if number:
            return f"{number} {name}{'' if number == 1 else 's'} ago"
    return "today"
