"""Whether a child who is to be registered may be known already: what speaks for it, and how much."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from referrals.search.rules import plain

MOST_SHOWN = 10
PREFIX = "H-"
"""Begins the reference of a child registered in the hub; an extract's ids are the partnership's own."""

# What each likeness weighs. One that weighs ENOUGH is shown alone, others only together.
SAME_NUMBER, SAME_BIRTH, SAME_NAME, SWAPPED, SIMILAR, ENOUGH = 8, 4, 4, 3, 2, 4
ALIKE = 0.8


@dataclass(frozen=True)
class Person:
    """What is compared: of the child that is to be registered, and of one who is known."""

    name: str
    born: date
    other_names: tuple[str, ...] = ()
    nhs_number: str = ""
    upn: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name the child goes by."""
        return (self.name, *self.other_names)


def swapped(born: date) -> date | None:
    """Give the date with day and month in each other's place; None where there is no other such date."""
    if born.day > 12 or born.day == born.month:
        return None
    return born.replace(month=born.day, day=born.month)


def likeness(sought: Person, known: Person) -> tuple[int, list[str]]:
    """Weigh what speaks for the two being one child, and say it; nothing where it is too little."""
    found = list(_found(sought, known))
    weight = sum(weight for weight, _words in found)
    return (weight, [words for _weight, words in found]) if weight >= ENOUGH else (0, [])


def _found(sought: Person, known: Person) -> Iterator[tuple[int, str]]:
    if sought.nhs_number and sought.nhs_number == known.nhs_number:
        yield SAME_NUMBER, "same NHS number"
    if sought.upn and sought.upn == known.upn:
        yield SAME_NUMBER, "same pupil number"
    if sought.born == known.born:
        yield SAME_BIRTH, "same date of birth"
    elif swapped(sought.born) == known.born:
        yield SWAPPED, "day and month of birth swapped"
    yield from _by_name(sought.names, known)


def _by_name(names: Iterable[str], known: Person) -> Iterator[tuple[int, str]]:
    """The strongest likeness of names: the same parts in any order, or a small difference."""
    asked = [plain(name).split() for name in names]
    own, others = (
        plain(known.name).split(),
        [(name, plain(name).split()) for name in known.other_names],
    )
    if any(sorted(name) == sorted(own) for name in asked):
        yield SAME_NAME, "same name"
    elif alias := next((name for name, parts in others if _any_same(asked, parts)), ""):
        yield SAME_NAME, f"known as {alias}"
    elif any(_similar(name, parts) for name in asked for parts in [own, *(p for _, p in others)]):
        yield SIMILAR, "similar name"


def _any_same(asked: Iterable[list[str]], parts: list[str]) -> bool:
    return any(sorted(name) == sorted(parts) for name in asked)


def _similar(one: list[str], other: list[str]) -> bool:
    """A part is missing, or few letters differ."""
    if set(one) <= set(other) or set(other) <= set(one):
        return True
    written = (" ".join(sorted(one)), " ".join(sorted(other)))
    return SequenceMatcher(None, *written).ratio() >= ALIKE


def reference_after(last: int) -> str:
    """Give the next reference of a child registered in the hub: H-0001, H-0002, ..."""
    return f"{PREFIX}{last + 1:04}"
