"""Whom to call about a child: relations, and what an entry needs."""

from dataclasses import dataclass
from datetime import date

from partners.agencies.rules import telephone_problem

RELATIONS = {
    "child": "The child's own telephone",
    "mother": "Mother",
    "father": "Father",
    "carer": "Carer",
    "foster_carer": "Foster carer",
    "home": "Children's home",
    "relative": "Other relative",
    "school": "School or college",
    "gp": "GP",
    "social_worker": "Social worker",
    "health": "Health worker",
    "advocate": "Advocate",
    "other": "Other",
}


@dataclass(frozen=True)
class Entry:
    """A person or desk to call, from a day on; `safe_notes` say when and how it is safe to call.

    `ask_first`: nobody calls before asking the lead worker, since a call may put the child at risk.
    """

    name: str
    relation: str
    from_date: date
    telephone: str = ""
    safe_notes: str = ""
    preferred: bool = False
    ask_first: bool = False


@dataclass(frozen=True)
class Problem:
    """What is wrong, and beside which field the message belongs."""

    field: str
    message: str


def problem_with(entry: Entry, *, today: date) -> Problem | None:
    """Say what is wrong with an entry to be kept, or None."""
    if not entry.name.strip():
        return Problem("name", "Enter whom to call: a name, or a desk such as the school office.")
    if entry.relation not in RELATIONS:
        return Problem("relation", "Choose who this is to the child.")
    wrong = telephone_problem(entry.telephone)
    # Of one who must not be called unasked the warning counts, with or without the number.
    if wrong and (entry.telephone.strip() or not entry.ask_first):
        return Problem("telephone", wrong)
    if entry.from_date > today:
        return Problem("from_date", "The day lies in the future. Give today or a day before it.")
    return None


def end_problem(from_date: date, to_date: date, *, today: date) -> Problem | None:
    """Say what is wrong with the day from which a person is no longer to be called, or None."""
    if to_date > today:
        return Problem("to_date", "The day lies in the future. Give today or a day before it.")
    if to_date < from_date:
        return Problem("to_date", "The day lies before the first one. Give a later day.")
    return None
