"""What becomes of a child's name and date of birth on the way to a hub, each slip with its label.

A slip is what people do: another spelling of the same name, a letter lost, doubled, changed or moved,
the names in another order, one left out, day and month swapped, a figure wrong, a year off.
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from bench.matching.names import Someone
from referrals.matching.rules.likeness import Person

# The letters beside each on a keyboard, and those that are heard for it.
_NEAR = """
    a:se b:vn c:kxs d:sft e:ria f:dgv g:fhj h:gj i:uoy j:hky k:jlc l:ko m:n n:mb o:ipu p:ob q:wk r:et s:azd
    t:rdy u:yio v:bcw w:veq x:zc y:tui z:xs
"""
NEAR: dict[str, str] = {pair[0]: pair[2:] for pair in _NEAR.split()}


@dataclass(frozen=True)
class Typed:
    """What was typed of a child, and by which slips it came to be."""

    label: str
    name: str
    born: date | None
    nhs_number: str = ""
    upn: str = ""
    postcode: str = ""
    gender: str = ""

    @property
    def person(self) -> Person:
        """What the hub is asked."""
        return Person(
            self.name,
            self.born,
            nhs_number=self.nhs_number,
            upn=self.upn,
            postcode=self.postcode,
            gender=self.gender,
        )


def _plainly(child: Someone, dice: Random) -> Typed:
    return Typed("", f"{child.forenames} {child.surname}", child.born, gender=child.gender)


def _parts(typed: Typed) -> list[str]:
    return typed.name.split()


def _spelt(child: Someone, typed: Typed, dice: Random) -> Typed:
    """Write each name in another of its spellings, where it has one."""

    def other(part: str) -> str:
        others = [spelling for spelling in child.spellings.get(part, ()) if spelling != part]
        return dice.choice(others) if others else _one_letter(part, dice)

    return replace(typed, name=" ".join(other(part) for part in _parts(typed)))


def _one_letter(part: str, dice: Random) -> str:
    """Lose, double, change or move one letter; seldom the first."""
    if len(part) < 3:
        return part
    at = dice.randrange(0 if dice.random() < 0.15 else 1, len(part))
    kind = dice.choice(("lost", "doubled", "changed", "moved"))
    if kind == "lost":
        return part[:at] + part[at + 1 :]
    if kind == "doubled":
        return part[:at] + part[at] + part[at:]
    if kind == "changed":
        return part[:at] + dice.choice(NEAR.get(part[at].lower(), "e")) + part[at + 1 :]
    other = at - 1 if at else 1
    one, two = sorted((at, other))
    return part[:one] + part[two] + part[one + 1 : two] + part[one] + part[two + 1 :]


def _mistyped(child: Someone, typed: Typed, dice: Random) -> Typed:
    """Mistype one part of the name."""
    parts = _parts(typed)
    at = dice.randrange(len(parts))
    parts[at] = _one_letter(parts[at], dice)
    return replace(typed, name=" ".join(parts))


def _mistyped_twice(child: Someone, typed: Typed, dice: Random) -> Typed:
    return replace(typed, name=" ".join(_one_letter(part, dice) for part in _parts(typed)))


def _turned(child: Someone, typed: Typed, dice: Random) -> Typed:
    parts = _parts(typed)
    return replace(typed, name=" ".join([parts[-1], *parts[:-1]]))


def _shortened(child: Someone, typed: Typed, dice: Random) -> Typed:
    """Leave the second forename out, or shorten the one there is."""
    parts = _parts(typed)
    if len(parts) > 2:
        return replace(typed, name=f"{parts[0]} {parts[-1]}")
    return replace(typed, name=f"{parts[0][: max(3, len(parts[0]) - 2)]} {parts[1]}")


def _swapped_birth(child: Someone, typed: Typed, dice: Random) -> Typed:
    born = typed.born
    if born is None or born.day > 12:
        return _figure_wrong(child, typed, dice)
    return replace(typed, born=born.replace(day=born.month, month=born.day))


def _figure_wrong(child: Someone, typed: Typed, dice: Random) -> Typed:
    """Get one figure of day or month wrong."""
    born = typed.born or child.born
    days = [
        day
        for day in range(1, calendar.monthrange(born.year, born.month)[1] + 1)
        if sum(a != b for a, b in zip(f"{day:02}", f"{born.day:02}", strict=True)) == 1
    ]
    return replace(typed, born=born.replace(day=dice.choice(days)))


def _year_off(child: Someone, typed: Typed, dice: Random) -> Typed:
    born = typed.born or child.born
    day = 28 if (born.month, born.day) == (2, 29) else born.day
    return replace(typed, born=born.replace(year=born.year + dice.choice((-1, 1)), day=day))


def _alias(child: Someone, typed: Typed, dice: Random) -> Typed:
    """Give another name that the child is known by; one who has none is mistyped."""
    if not child.other_names:
        return _mistyped(child, typed, dice)
    return replace(typed, name=dice.choice(child.other_names))


def _no_birth(child: Someone, typed: Typed, dice: Random) -> Typed:
    return replace(typed, born=None, postcode=child.postcode)


def _numbered(child: Someone, typed: Typed, dice: Random) -> Typed:
    return replace(typed, nhs_number=child.nhs_number, upn=child.upn)


Slip = Callable[[Someone, Typed, Random], Typed]
# What happens together, and how often; `None` for the birth is the sorest of all and has its own line.
KINDS: dict[str, tuple[tuple[Slip, ...], int]] = {
    "exact": ((), 4),
    "other spelling": ((_spelt,), 22),
    "mistyped": ((_mistyped,), 16),
    "both names mistyped": ((_mistyped_twice,), 8),
    "names in another order": ((_turned,), 5),
    "a name left out": ((_shortened,), 5),
    "day and month swapped": ((_swapped_birth,), 5),
    "other spelling, day and month swapped": ((_spelt, _swapped_birth), 8),
    "mistyped, a figure of the birth wrong": ((_mistyped, _figure_wrong), 8),
    "other spelling, a year off": ((_spelt, _year_off), 6),
    "other order, mistyped, a figure wrong": ((_turned, _mistyped, _figure_wrong), 3),
    "another name": ((_alias,), 4),
    "both names mistyped, NHS or pupil number": ((_mistyped_twice, _year_off, _numbered), 3),
    "other spelling, no date of birth": ((_spelt, _no_birth), 3),
}


def slip(child: Someone, dice: Random, kind: str = "") -> Typed:
    """Give what was typed of a child, by a kind of slips drawn as often as it happens."""
    kind = kind or dice.choices(list(KINDS), [share for _slips, share in KINDS.values()])[0]
    typed = _plainly(child, dice)
    for each in KINDS[kind][0]:
        typed = each(child, typed, dice)
    return replace(typed, label=kind)
