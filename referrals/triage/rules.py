"""What was said of a child beside what is known of one: in words, column by column."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from referrals.intake.rules import Concern
from referrals.matching.rules.likeness import Person
from referrals.search.rules import plain

SAME, DIFFERS, OPEN = "Same", "Differs", "Not known on both sides"
GENDERS = {"F": "Female", "M": "Male"}


@dataclass(frozen=True)
class Compared:
    """One thing as it was typed and as it is known, with a word for how they stand."""

    label: str
    typed: str
    known: str
    stands: str


def person_of(said: Concern) -> Person:
    """Give what a referral says of its child, as the matching takes it."""
    return Person(
        name=f"{said.forenames} {said.surname}".strip(),
        born=said.date_of_birth,
        other_names=other_names_of(said),
        nhs_number=said.nhs_number,
        upn=said.upn,
        postcode=said.postcode,
        gender=said.gender if said.gender in GENDERS else "",
    )


def other_names_of(said: Concern) -> tuple[str, ...]:
    """Cut the other names, which stand in one line of a referral."""
    names = (" ".join(name.split()) for name in said.other_names.replace(";", ",").split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def compared(said: Person, known: Person) -> list[Compared]:
    """Lay both side by side."""
    return [
        Compared(label, typed, other, _stands(typed, other)) for label, typed, other in _both(said, known)
    ]  # fmt: skip


def _both(said: Person, known: Person) -> Iterator[tuple[str, str, str]]:
    yield "Name", said.name, known.name
    yield "Other names", ", ".join(said.other_names), ", ".join(known.other_names)
    yield "Date of birth", _day(said.born), _day(known.born)
    yield "Gender", GENDERS.get(said.gender, ""), GENDERS.get(known.gender, "")
    yield "Postcode", said.postcode, known.postcode
    yield "NHS number", said.nhs_number, known.nhs_number
    yield "Pupil number", said.upn, known.upn


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


def _stands(typed: str, known: str) -> str:
    if not typed or not known:
        return OPEN
    return SAME if plain(typed) == plain(known) else DIFFERS
