"""What may leave the hub in which way, by which law, and what came of asking for it back."""

from dataclasses import dataclass
from datetime import date

SHEET = "sheet"
APPENDIX1 = "appendix1"
BY_HAND = {
    "telephone": "Told by telephone",
    "letter": "Letter",
    "email": "E-mail",
    "meeting": "Told in a meeting",
}
KINDS = {SHEET: "Printed sheet", APPENDIX1: "Appendix 1 document", **BY_HAND}

PUBLIC_TASK = "public_task"
INQUIRY = "inquiry"
COURT = "court"
SUBJECT = "subject"
# What permits it, with where that stands; not consent: a child at risk cannot be made to choose.
BASES = {
    PUBLIC_TASK: "Public task: UK GDPR art. 6(1)(e), art. 9(2)(g) with DPA 2018 sch. 1 para. 18",
    INQUIRY: "Inquiry into significant harm: Children Act 1989 s. 47",
    "crime_and_disorder": "Preventing crime and disorder: Crime and Disorder Act 1998 s. 115",
    "legal_obligation": "Legal obligation: UK GDPR art. 6(1)(c)",
    "vital": "Vital interests: UK GDPR art. 6(1)(d), art. 9(2)(c)",
    "law_enforcement": "Law enforcement by the police: DPA 2018 Part 3, s. 35, sch. 8 para. 4",
    COURT: "Legal proceedings: DPA 2018 sch. 2 para. 5",
    SUBJECT: "Subject access: UK GDPR art. 15, DPA 2018 s. 45",
}

WAITING = "waiting"
ANSWERS = {
    WAITING: "Not answered yet",
    "returned": "Returned",
    "destroyed": "Destroyed",
    "refused": "Refused",
}
SETTLED = ("returned", "destroyed")


@dataclass(frozen=True)
class Told:
    """What left the hub: in which way, what of it, to whom, by which law, on which conditions, when."""

    kind: str
    what: str
    recipient: str
    basis: str
    disclosed_on: date
    conditions: str = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong, and beside which field the message belongs."""

    field: str
    message: str


def problem_with(told: Told, *, today: date) -> Problem | None:
    """Say what is wrong with an entry made by hand, or None."""
    if told.kind not in BY_HAND:
        return Problem("kind", "Choose how it was disclosed")
    if told.basis not in BASES:
        return Problem("basis", "Choose the lawful basis")
    for field, message in (("what", "Write what was disclosed"), ("recipient", "Enter to whom")):
        if not getattr(told, field).strip():
            return Problem(field, message)
    if told.disclosed_on > today:
        return Problem("disclosed_on", "The day lies in the future. Give today or a day before it")
    return None


def recall_problem(reason: str, answer: str, last: str) -> Problem | None:
    """Say what is wrong with asking for a thing back; `last` is what the recipient answered before."""
    if last in SETTLED:
        return Problem("answer", "It has been returned or destroyed already")
    if answer not in ANSWERS:
        return Problem("answer", "Choose what was answered")
    return None if reason.strip() else Problem("reason", "Write why it is asked for back")
