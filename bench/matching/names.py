"""Invented people by the thousand: English, South Asian, Eastern European and Roma names.

Each spelling of a name stands beside the others that people write for it; forenames and surnames are paired
at random, and nobody here is anybody.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

ORIGINS = ("English", "South Asian", "Eastern European", "Roma")
SHARES = (50, 28, 14, 8)

ONLINE = ("star", "sky", "luna", "pixel", "ziggy", "comet", "maple", "echo", "indie", "nova")
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
SECTION = re.compile(r"^\[(\w+): (.+)\]\n((?:[^\[\n].*\n)+)", re.MULTILINE)


def _sections() -> dict[tuple[str, str], list[list[str]]]:
    text = Path(__file__).with_name("names.txt").read_text(encoding="utf-8")
    return {
        (kind, origin): [name.split("/") for name in names.split()]
        for kind, origin, names in SECTION.findall(text)
    }


_NAMES = _sections()


@dataclass(frozen=True)
class Someone:
    """An invented child; the spellings are the other ways in which people write the same names."""

    origin: str
    forenames: str
    surname: str
    born: date
    gender: str
    nhs_number: str = ""
    upn: str = ""
    postcode: str = ""
    other_names: tuple[str, ...] = ()
    spellings: dict[str, tuple[str, ...]] = field(default_factory=dict)


def someone(dice: Random, number: int) -> Someone:
    """Draw a child: common names more often, as they are; numbers and other names now and then."""
    [origin] = dice.choices(ORIGINS, SHARES)
    forename, surname = (
        _commonly(dice, _NAMES["forenames", origin]),
        _commonly(dice, _NAMES["surnames", origin]),
    )
    called = [dice.choice(forename) if dice.random() < 0.4 else forename[0]]
    if dice.random() < 0.15:
        called.append(_commonly(dice, _NAMES["forenames", origin])[0])
    named = dice.choice(surname) if dice.random() < 0.4 else surname[0]
    spellings = {called[0]: tuple(forename), named: tuple(surname)}
    return Someone(
        origin=origin,
        forenames=" ".join(called),
        surname=named,
        born=date(2008, 1, 1) + timedelta(days=dice.randrange(18 * 365)),
        gender=dice.choice("FFFM"),
        nhs_number=f"{9_000_000_000 + number}" if dice.random() < 0.5 else "",
        upn=f"A{number:012}" if dice.random() < 0.4 else "",
        postcode=_postcode(dice),
        other_names=_other_names(dice, origin),
        spellings=spellings,
    )


def _commonly(dice: Random, names: list[list[str]]) -> list[str]:
    """Draw one: those that stand early by chance are commoner (a tenth of the names make a third)."""
    if dice.random() < 0.25:
        return names[(hash_of(names) + dice.randrange(max(1, len(names) // 10))) % len(names)]
    return dice.choice(names)


def hash_of(names: list[list[str]]) -> int:
    """Give where a list's common names begin: the same in each run."""
    return sum(len(spelling) for name in names for spelling in name)


def _other_names(dice: Random, origin: str) -> tuple[str, ...]:
    if dice.random() > 0.1:
        return ()
    if dice.random() < 0.4:
        return (f"{dice.choice(ONLINE)}{dice.randrange(10, 99)}",)
    return (
        f"{dice.choice(_NAMES['forenames', origin])[0]} {dice.choice(_NAMES['surnames', origin])[0]}",
    )


def _postcode(dice: Random) -> str:
    return f"BD{dice.randrange(1, 25)} {dice.randrange(1, 9)}{dice.choice(LETTERS)}{dice.choice(LETTERS)}"
