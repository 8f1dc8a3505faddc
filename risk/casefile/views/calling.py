"""Whom to call: the lead worker's agency, and the people around the child, ready to be tapped."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from hub.access.rules import Permission
from partners.agencies.rules import dialled
from referrals.contacts.models import PersonToCall
from referrals.contacts.rules import RELATIONS
from risk.casefile.rules import words_of
from risk.casefile.views.deeds import may_record
from risk.casefile.views.reading import Case, read_people_to_call


@dataclass(frozen=True)
class Number:
    """A telephone number as it is read; `dial` is empty where nobody calls unasked."""

    shown: str
    dial: str


@dataclass(frozen=True)
class PersonRow:
    """A person to call; the addresses are empty for one who may not change the entry here."""

    name: str
    record: str
    relation: str
    number: Number
    safe_notes: str
    preferred: bool
    ask_first: bool
    since: date
    correct: str
    end: str


@dataclass(frozen=True)
class CallingPart:
    """The people to call on a day, whom to call first in front; `restricted` where a call may harm."""

    people: list[PersonRow]
    restricted: bool


def calling_part(case: Case) -> CallingPart:
    """Build the summary's part."""
    people = [_row(case, person) for person in read_people_to_call(case)]
    return CallingPart(people, any(person.ask_first for person in people))


def number_of(telephone: str, *, ask_first: bool = False) -> Number:
    """Give a number with what a telephone dials."""
    return Number(telephone, "" if ask_first else dialled(telephone))


def _row(case: Case, person: PersonToCall) -> PersonRow:
    return PersonRow(
        name=person.name,
        record=case.record_of(person),
        relation=RELATIONS.get(person.relation) or words_of(person.relation),
        number=number_of(person.telephone, ask_first=person.ask_first),
        safe_notes=person.safe_notes,
        preferred=person.preferred,
        ask_first=person.ask_first,
        since=person.from_date,
        correct=_address(case, "correct", person),
        end=_address(case, "end", person),
    )


def _address(case: Case, deed: str, person: PersonToCall) -> str:
    if not may_record(case, Permission.NOTES_RECORD):
        return ""
    return reverse(f"risk-child-call-{deed}", args=[person.child_id, person.position])
