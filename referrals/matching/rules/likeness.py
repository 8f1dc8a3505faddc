"""Whether a child who was described may be one who is known: what speaks for it, what against, how much."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from referrals.matching.rules.births import compare
from referrals.matching.rules.names import SIMILAR, SOUNDS_ALIKE, Nearness, nearness

MOST_SHOWN = 10

# What each likeness weighs; whoever weighs ENOUGH is shown. A number belongs to one child alone.
NUMBER, NAME, BIRTH, POSTCODE, GENDER, ENOUGH = 60.0, 60.0, 40.0, 6.0, 3.0, 54.0
# The same parts in any order weigh all; half of a name is no name.
LEAST_NAME, LEAST_PART = 0.5, 0.85


@dataclass(frozen=True)
class Person:
    """What is compared: of the child who was described, and of one who is known. Empty: not known."""

    name: str
    born: date | None
    other_names: tuple[str, ...] = ()
    nhs_number: str = ""
    upn: str = ""
    postcode: str = ""
    gender: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name the child goes by."""
        return (self.name, *self.other_names)


@dataclass(frozen=True)
class Likeness:
    """How much speaks for the two being one child, and in words what does and what differs."""

    weight: float
    why: tuple[str, ...]
    differs: tuple[str, ...]

    @property
    def enough(self) -> bool:
        """Whether it is worth a look."""
        return self.weight >= ENOUGH and bool(self.why)


Weighed = tuple[float, str, str]


def likeness(asked: Person, known: Person) -> Likeness:
    """Weigh what speaks for the two being one child, and say it."""
    found = [*_by_name(asked, known), *_by_birth(asked, known), *_by_the_rest(asked, known)]
    return Likeness(
        sum(weight for weight, _why, _differs in found),
        tuple(why for _weight, why, _differs in found if why),
        tuple(differs for _weight, _why, differs in found if differs),
    )


def _by_name(asked: Person, known: Person) -> Iterator[Weighed]:
    """The strongest likeness of any name asked with any name known."""
    best, called = _nearest(asked.names, known.names)
    weight = NAME * max(0.0, best.share - LEAST_NAME) / (1 - LEAST_NAME)
    if called not in ("", known.name) and best.share >= SIMILAR:
        yield weight, f"known as {called}", ""
    elif best.words:
        yield weight, best.words, ""
    elif max(best.parts, default=0.0) >= SOUNDS_ALIKE:
        yield weight, "part of the name is the same", "the rest of the name differs"
    else:
        yield weight, "", "another name"


def _nearest(names: Iterable[str], others: tuple[str, ...]) -> tuple[Nearness, str]:
    each = [(nearness(name, other), other) for name in names for other in others]
    # The own name before an alias that is as near.
    return max(
        each, key=lambda one: (one[0].share, one[1] == others[0]), default=(Nearness(0.0, ""), "")
    )


def _by_birth(asked: Person, known: Person) -> Iterator[Weighed]:
    if asked.born is None or known.born is None:
        # A name alone must be able to weigh enough.
        yield BIRTH * 0.4, "", ""
        return
    births = compare(asked.born, known.born)
    yield BIRTH * births.share, births.why, births.differs


def _by_the_rest(asked: Person, known: Person) -> Iterator[Weighed]:
    yield from _by_number("NHS number", asked.nhs_number, known.nhs_number)
    yield from _by_number("pupil number", asked.upn, known.upn)
    if asked.postcode and asked.postcode == known.postcode:
        yield POSTCODE, "same postcode", ""
    if {asked.gender, known.gender} == {"F", "M"}:
        yield -GENDER, "", "another gender"


def _by_number(called: str, asked: str, known: str) -> Iterator[Weighed]:
    if asked and asked == known:
        yield NUMBER, f"same {called}", ""
    elif asked and known:
        yield -BIRTH / 4, "", f"another {called}"
