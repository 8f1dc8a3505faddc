"""How two dates of birth differ, in words: a date comes over the telephone, off a form, from memory."""

from dataclasses import dataclass
from datetime import date

SAME = "same date of birth"
SWAPPED = "day and month of birth swapped"


@dataclass(frozen=True)
class Births:
    """How near two births are, from 0 to 1; why, if that speaks for one child; what differs, if not."""

    share: float
    why: str = ""
    differs: str = ""


def swapped(born: date) -> date | None:
    """Give the date with day and month in each other's place; None where there is no other such date."""
    if born.day > 12 or born.day == born.month:
        return None
    return born.replace(month=born.day, day=born.month)


def compare(asked: date, known: date) -> Births:
    """Say how near the two are, and by which slip one may have become the other."""
    if asked == known:
        return Births(1.0, SAME)
    if swapped(asked) == known:
        return Births(0.9, SWAPPED)
    slipped = _one_slip(asked, known)
    if slipped:
        return Births(0.8, slipped)
    turned = swapped(asked)
    if turned and (turned.day, turned.month) == (known.day, known.month):
        return Births(0.5, "", f"day and month of birth swapped, {_years(asked, known)}")
    if asked.year == known.year:
        near = abs((asked - known).days) <= 31
        return Births(0.4 if near else 0.25, "", "born on another day of the year")
    return Births(0.0 if abs(asked.year - known.year) > 1 else 0.15, "", _years(asked, known))


def _one_slip(asked: date, known: date) -> str:
    """Name the one of day, month and year that differs, where a slip explains it."""
    parts = ("day", "month", "year")
    differ = [part for part in parts if getattr(asked, part) != getattr(known, part)]
    if len(differ) != 1:
        return ""
    part = differ[0]
    one, other = getattr(asked, part), getattr(known, part)
    if part == "year" and abs(one - other) == 1:
        return "born a year apart, on the same day"
    if _one_figure(f"{one:02}", f"{other:02}") or abs(one - other) == 1:
        return f"one figure of the {part} of birth differs"
    return f"only the {part} of birth differs" if part != "year" else ""


def _one_figure(one: str, other: str) -> bool:
    differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if len(differing) == 2:  # two figures in each other's place
        return differing[0] == differing[1][::-1]
    return len(differing) == 1


def _years(asked: date, known: date) -> str:
    """Say by how many years the ages differ."""
    earlier, later = sorted((asked, known))
    years = later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))
    if not years:
        return "born less than a year apart"
    return f"age differs {years} year{'s' if years > 1 else ''}"
