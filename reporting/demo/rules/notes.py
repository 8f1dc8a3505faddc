"""Invented notes and people to call, so that an open case of the demo looks as a case does.

Every number is of a range that is given to nobody (Ofcom's numbers for drama).
"""

from dataclasses import dataclass
from datetime import date, time, timedelta

from referrals.contacts.rules import Entry
from referrals.notes.rules import Written
from reporting.demo.rules.chance import Chance, chance

SEED = 2_016_004
EARLIEST = 150  # days before today
# Kind, with whom, what happened, and what the child said (empty where they did not speak).
SCRIPTS = (
    ("visit", "", "Home visit as planned. School goes well; agreed to meet again in two weeks.",
     "It is better since I changed groups. I like my form tutor."),
    ("telephone", "the school office", "Attendance this month is steady; one late arrival, explained.", ""),
    ("session", "", "Third session on safe friendships. Joined in and asked good questions.",
     "I know who I can ring now."),
    ("meeting", "the pastoral lead", "Looked at the plan together. No new concern; plan stays as it is.", ""),
    ("message", "the carer", "Carer asks for the time of the next review. Answered the same day.", ""),
    ("telephone", "the youth worker", "Could not come today; will come on Thursday instead.", ""),
    ("note", "", "Information from a partner agency read and filed; nothing that changes the level.", ""),
    ("visit", "the family worker", "Joint visit. There is a time for coming home now, and it is kept.",
     "The rule is fair."),
    ("telephone", "the school nurse", "Appointment made for next week; nothing further to tell.", ""),
    ("session", "", "Short session, tired today. Agreed to go on next week.", "Can we do it on a Thursday?"),
)  # fmt: skip
SAFE = ("School hours only.", "After four o'clock.", "Leave no message.", "")
AUTHORS = ("social", "police", "nurse")
ADULTS = (
    "Dana",
    "Gloria",
    "Helen",
    "Ilona",
    "Janet",
    "Parveen",
    "Rukhsana",
    "Sandra",
    "Tracey",
    "Yasmin",
)


@dataclass(frozen=True)
class DemoNote:
    """A note and the user name of its author."""

    written: Written
    author: str


def notes_for(number: int, referred_on: date, today: date) -> list[DemoNote]:
    """Make up the notes of the case with that number, the earliest first; none of a day to come."""
    draw = chance(SEED, 1, number)
    first = max(referred_on, today - timedelta(EARLIEST))
    span = (today - first).days
    days = sorted(first + timedelta(draw.between(0, span)) for _ in range(draw.between(1, 4)))
    scripts = draw.shuffled(SCRIPTS)
    return [_note(draw, script, day) for day, script in zip(days, scripts, strict=False)]


def _note(draw: Chance, script: tuple[str, str, str, str], day: date) -> DemoNote:
    kind, with_whom, text, own_words = script
    at = time(draw.between(9, 16), draw.pick((0, 15, 30, 45))) if draw.happens(0.6) else None
    return DemoNote(Written(day, text, own_words, kind, at, with_whom), draw.pick(AUTHORS))


def people_for(number: int, surname: str, from_date: date) -> list[Entry]:
    """Make up whom to call about the child of that case: school, and mostly somebody at home."""
    draw = chance(SEED, 2, number)
    school = Entry(
        "School office", "school", from_date, f"0113 496 {number % 1000:04}", draw.pick(SAFE), True
    )
    if not draw.happens(0.8):
        return [school]
    name, relation = f"{draw.pick(ADULTS)} {surname}", draw.pick(("mother", "carer", "relative"))
    telephone = f"07700 900{number % 1000:03}"
    ask_first = draw.happens(0.1)
    return [school, Entry(name, relation, from_date, telephone, "", False, ask_first)]
