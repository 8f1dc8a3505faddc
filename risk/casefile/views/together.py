"""Putting together what several records say of one child, each part in the order in which one is read."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from referrals.notes.models import Note
from risk.casefile.queries import Parts

LATEST_NOTES = 3
NEVER = datetime.min.replace(tzinfo=UTC)
Key = Callable[[Any], tuple[Any, ...]]

# As the questions sort them that read one record (risk/migrations/0009, risk/casefile/views/reading.py); what
# is not here stays record by record.
LATEST_FIRST: dict[str, Key] = {
    "episodes": lambda row: (row.referred_on, row.pk),
    "allocations": lambda row: (row.from_date, row.position, row.pk),
    "missing": lambda row: (row.missing_from, row.pk),
    "addresses": lambda row: (row.from_date, row.position, row.pk),
    "statuses": lambda row: (row.from_date, row.position, row.pk),
    "support": lambda row: (row.referred_on, row.position, row.pk),
}
FIRST_FIRST: dict[str, Key] = {
    "notes": lambda row: (row.position, row.known_from, row.pk),
    "calling": lambda row: (not row.preferred, row.position, row.pk),
}
# Of the notes of all records the latest alone, as many as of one.
FEW = {"latest": LATEST_NOTES, "words": 1}


def together(each: Sequence[Parts]) -> Parts:
    """Give the parts of all records as one child's."""
    if len(each) == 1:
        return each[0]
    return {name: _sorted(name, chain.from_iterable(one[name] for one in each)) for name in each[0]}


def _sorted(name: str, rows: "chain[Any]") -> list[Any]:
    if name in FEW:
        return sorted(rows, key=_when, reverse=True)[: FEW[name]]
    if name in LATEST_FIRST:
        return sorted(rows, key=LATEST_FIRST[name], reverse=True)
    return sorted(rows, key=FIRST_FIRST[name]) if name in FIRST_FIRST else list(rows)


def _when(note: Note) -> tuple[Any, ...]:
    return note.happened_on, note.happened_at or NEVER, note.position
