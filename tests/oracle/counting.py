"""Code lists, and the arithmetic of counts, ages, percentages and tables."""

import csv
import functools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from tests.oracle.world import Person

LEVELS = ["HIGH", "MEDIUM", "LOW", "NO_RISK", "NOT_SET"]
HEIGHT = {"NO_RISK": 0, "LOW": 1, "MEDIUM": 2, "HIGH": 3}
GENDERS = ["F", "M", "U"]
STATUSES = ["LAC", "CP", "CIN", "PREVIOUS", "NEVER"]
GROUPS = ["White", "Asian", "Mixed", "Black", "Other", "NOT_RECORDED"]
# Upper age of each band; the last one is open, then those whose age is not known.
OFFENDER_BANDS = [("under_18", 17), ("18_24", 24), ("25_35", 35), ("36_45", 45), ("over_45", 999)]
SUSPECT_BANDS = [("under_18", 17), ("18_35", 35), ("36_45", 45), ("over_45", 999)]


class Codes:
    """The code lists that the report reads."""

    def __init__(self, folder: Path) -> None:
        self.offences = {row["code"] for row in _list(folder, "offence_codes")}
        self.outcome_group = _column(folder, "crime_outcomes", "group")
        self.ethnic_group = _column(folder, "ethnicity", "report_group")
        self.census_group = _column(folder, "ethnicity", "census_group")
        self.suspect_group = {
            **_column(folder, "ethnicity_16plus1", "report_group"),
            **self.ethnic_group,
        }
        self.folder = folder

    @functools.cache  # noqa: B019  one short-lived object per report
    def wards_of(self, partnership: str) -> dict[str, dict[str, str]]:
        """The district's own wards by code; one that is not among them lies elsewhere."""
        name = "wards" if partnership == "bradford" else f"wards_{partnership}"
        return {row["ward_code"]: row for row in _list(self.folder, name)}


def _list(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _column(folder: Path, name: str, column: str) -> dict[str, str]:
    return {row["code"]: row[column] for row in _list(folder, name)}


# --- arithmetic -------------------------------------------------------------------------------


def age(born: date, on: date) -> int:
    """Whole years; one born on 29 February turns a year older on 1 March in a common year."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def one_decimal(number: Decimal) -> float:
    """One decimal, half away from zero."""
    return float(number.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def every(values: Iterable[Any], keys: Sequence[str]) -> dict[str, int]:
    """Counts with every key present; a value outside the keys is a mistake, and raises."""
    counts = Counter(values)
    table = {key: counts.pop(key, 0) for key in keys}
    if counts:
        raise ValueError(f"outside the table: {counts}")
    return table


def occurring(values: Iterable[Any]) -> dict[str, int]:
    """Counts of what occurs, by the value as text; empty counts as NOT_RECORDED."""
    return {
        str(key): n for key, n in Counter(v if v != "" else "NOT_RECORDED" for v in values).items()
    }


def add_months(first: date, months: int) -> date:
    """The first of the month so many months later (or earlier)."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def with_total(row: dict[str, int]) -> dict[str, int]:
    """A row of counts with their sum as `total`."""
    return {**row, "total": sum(row.values())}


def by_group(people: Iterable[Person], groups: Mapping[str, str]) -> dict[str, int]:
    """Counts by ethnic group; no code is NOT_RECORDED."""
    return every((groups[p.ethnicity] if p.ethnicity else "NOT_RECORDED" for p in people), GROUPS)


def by_band(
    born_and_day: Iterable[tuple[date | None, date]], bands: Sequence[tuple[str, int]]
) -> dict[str, int]:
    """Counts by age band on a day, every band present; without date of birth NOT_RECORDED."""
    names = [
        next(name for name, upper in bands if age(born, on) <= upper) if born else "NOT_RECORDED"
        for born, on in born_and_day
    ]
    return every(names, [*(name for name, _ in bands), "NOT_RECORDED"])
