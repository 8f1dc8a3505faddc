"""What must add up in a full report: each reconciliation with its two sides."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

Counts = Mapping[str, int]
Rows = Mapping[str, Counts]


@dataclass(frozen=True)
class Check:
    """A sentence that must hold, and the counts on its two sides, in the same order."""

    sentence: str
    left: tuple[int, ...]
    right: tuple[int, ...]

    @property
    def apart(self) -> int:
        """Give by how much the two sides differ."""
        return sum(abs(a - b) for a, b in zip_longest(self.left, self.right, fillvalue=0))

    @property
    def verdict(self) -> str:
        """Say in a word whether the sides agree."""
        return f"differs by {self.apart:,}" if self.apart else "agrees"


def checks(report: Mapping[str, Any]) -> list[Check]:
    """Give every reconciliation of a full report."""
    return [
        *_year(report["strategic"]),
        *_open(report["tactical"]),
        *_movement(report["movement"], report["tactical"]),
        *_crimes(report["crimes"]),
        *_suspects(report["suspect_management"]),
    ]


def failing(report: Mapping[str, Any]) -> list[Check]:
    """Keep the reconciliations of a full report that do not hold."""
    return [check for check in checks(report) if check.apart]


def _sums(table: str, counts: Counts | Iterable[int], total: str, whole: int) -> Check:
    values = counts.values() if isinstance(counts, Mapping) else counts
    return Check(f"{table} add up to {total}", (sum(values),), (whole,))


def _rows(table: str, rows: Rows, total: str, counts: Counts) -> Check:
    """Each row of a table against its own total."""
    sums = tuple(sum(_parts(row)) for row in rows.values())
    return Check(f"Rows of {table} add up to {total}", sums, tuple(counts[row] for row in rows))


def _columns(table: str, rows: Rows, total: str, counts: Counts) -> Check:
    """Each column of a table against its own total."""
    sums = tuple(sum(row[column] for row in rows.values()) for column in counts)
    return Check(f"Columns of {table} add up to {total}", sums, tuple(counts.values()))


def _parts(row: Counts) -> list[int]:
    return [count for column, count in row.items() if column != "total"]


def _year(year: Mapping[str, Any]) -> Iterator[Check]:
    ended = year["already_open"] + year["new"] - year["closed"]
    before = year["previous_year"]
    yield Check("Already open + new - closed = open at the end", (ended,), (year["open_at_end"],))
    yield Check(
        "Already open + new = episodes dealt with",
        (year["already_open"] + year["new"],),
        (year["episodes"],),
    )
    yield _sums("New by quarter", year["new_by_quarter"], "new", year["new"])
    yield _sums(
        "The year before by quarter",
        before["new_by_quarter"],
        "new in the year before",
        before["new"],
    )
    yield _sums("New by source", year["new_by_referral_source"], "new", year["new"])
    yield _sums("New by gender", year["new_by_gender"], "new", year["new"])
    yield _rows("gender and age", year["new_by_age_and_gender"], "gender", year["new_by_gender"])
    yield _sums("Closed by reason", year["closed_by_reason"], "closed", year["closed"])


def _open(then: Mapping[str, Any]) -> Iterator[Check]:
    levels, wards = then["by_level"], then["by_ward_and_level"]
    for table, key in (
        ("Risk levels", "by_level"),
        ("Ethnic groups", "by_ethnic_group"),
        ("Census groups", "by_census_group"),
        ("Statuses", "by_status"),
        ("Constituencies", "by_constituency"),
    ):
        yield _sums(table, then[key], "children open", then["open"])
    yield _rows("level and gender", then["by_level_and_gender"], "level", levels)
    yield _rows("status and level", then["by_status_and_level"], "status", then["by_status"])
    yield _columns("status and level", then["by_status_and_level"], "level", levels)
    totals = {ward: row["total"] for ward, row in wards.items()}
    yield _rows("ward and level", wards, "the ward's total", totals)
    yield _columns("ward and level", wards, "level", levels)
    yield _sums("Wards", totals, "children open", then["open"])


def _movement(moved: Mapping[str, Any] | None, then: Mapping[str, Any]) -> Iterator[Check]:
    if moved is None:
        return
    kinds = [moved[name] for name in ("unchanged", "decreased", "increased", "not_comparable")]
    yield _rows("the movement", moved["matrix"], "level on the snapshot", then["by_level"])
    yield _sums("Unchanged, decreased, increased, not comparable", kinds, "open", then["open"])


def _crimes(crimes: Mapping[str, Any]) -> Iterator[Check]:
    numbers, bands = crimes["by_number_of_suspects"], crimes["offender_age_bands"]
    ended = [crimes[name] for name in ("finalised", "under_investigation", "cancelled")]
    links = sum(int(suspects) * count for suspects, count in numbers.items())
    yield _sums("CSE crimes by outcome", crimes["by_outcome"], "CSE crimes", crimes["cse"])
    yield _sums("Finalised, under investigation, cancelled", ended, "CSE crimes", crimes["cse"])
    yield _sums("Numbers of suspects", numbers, "crimes with a suspect", crimes["with_suspect"])
    yield Check("Crimes times their suspects = links", (links,), (crimes["suspect_links"],))
    yield _sums("Suspects' ages", bands, "links", crimes["suspect_links"])
    ages = crimes["victim_age_by_offender_age_band"]
    yield _columns("victim's and suspect's age", ages, "suspect's age", bands)


def _suspects(managed: Mapping[str, Any]) -> Iterator[Check]:
    for table, key in (
        ("Occurrences by age", "by_age_band"),
        ("Occurrences by gender", "by_gender"),
        ("Occurrences by ethnic group", "by_ethnic_group"),
    ):
        yield _sums(table, managed[key], "occurrences", managed["occurrences"])
