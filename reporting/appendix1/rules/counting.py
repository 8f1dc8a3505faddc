"""Counting, ages and rounding, as the definitions pin them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from hub.codes.rules import NOT_RECORDED
from hub.days.rules import age_on

GENDERS = ("F", "M", "U")
GROUPS = ("White", "Asian", "Mixed", "Black", "Other", NOT_RECORDED)
OFFENDER_BANDS = ((17, "under_18"), (24, "18_24"), (35, "25_35"), (45, "36_45"), (9999, "over_45"))
SUSPECT_BANDS = ((17, "under_18"), (35, "18_35"), (45, "36_45"), (9999, "over_45"))


def every(values: Iterable[str], names: Sequence[str]) -> dict[str, int]:
    """Count values into a table in which each name is present, with 0 or not."""
    counts = Counter(values)
    return {name: counts[name] for name in names}


def occurring(values: Iterable[str | int]) -> dict[str, int]:
    """Count values into a table of what occurs, sorted; empty counts as NOT_RECORDED."""
    counts = Counter(value if value != "" else NOT_RECORDED for value in values)
    return {str(name): counts[name] for name in sorted(counts, key=_order)}


def _order(name: str | int) -> tuple[bool, int, str]:
    return (isinstance(name, str), name if isinstance(name, int) else 0, str(name))


def band(born: date | None, day: date, bands: Sequence[tuple[int, str]]) -> str:
    """Give the age band of one born on a day, on another; NOT_RECORDED where the birth is not known."""
    if born is None:
        return NOT_RECORDED
    age = age_on(born, day)
    return next(name for top, name in bands if age <= top)


def in_bands(
    people: Iterable[tuple[date | None, date]], bands: Sequence[tuple[int, str]]
) -> dict[str, int]:
    """Count people by age band; every band is present, and NOT_RECORDED."""
    names = [name for _top, name in bands] + [NOT_RECORDED]
    return every((band(born, day, bands) for born, day in people), names)


def one_decimal(value: Decimal) -> float:
    """Round to one decimal, half away from zero."""
    return float(value.quantize(Decimal("0.1"), ROUND_HALF_UP))


def mode(ages: Iterable[int]) -> int | None:
    """Give the commonest age; among equals the lowest; None of nothing."""
    counts = Counter(ages)
    return min(counts, key=lambda age: (-counts[age], age), default=None)
