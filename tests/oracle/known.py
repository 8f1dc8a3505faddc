"""What was known at a moment: the extract contract's "Facts, their identity, and when they became
known", over the extracts that a partnership imported one after the other.

Before the second import the answer is the first extract with everything cut away that was not known
yet; from then on it is the extracts imported so far laid over each other, whole.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from tests.oracle.reading import Row, Tables, day, moment, moment_day, noon, read


class Import(NamedTuple):
    """One import of a partnership: which extract, and the moment it was published."""

    folder: Path
    imported_at: datetime


def latest(history: Sequence[Import]) -> Tables:
    """What stands after all the imports, the oldest first."""
    tables = read(history[0].folder)
    for later in history[1:]:
        tables = laid_over(tables, read(later.folder))
    return tables


def at(history: Sequence[Import], known_at: datetime) -> Tables:
    """What was known at a moment (inclusive), even before the first import: that one back-dates."""
    published = [one for one in history if one.imported_at <= known_at]
    return latest(published) if published else back_dated(read(history[0].folder), known_at)


# --- the first import, at a moment before it --------------------------------------------------


def back_dated(tables: Tables, known_at: datetime) -> Tables:
    """The first extract as it would have read at a moment before its import.

    Nothing is known later than that import: whoever asks for a moment after it gets the whole.
    """
    known = _Known(tables, known_at)
    keep: dict[str, Callable[[Row], bool]] = {
        "children": lambda row: known.since(known.events.of_child.get(row["child_id"])),
        "suspects": lambda row: known.since(known.events.of_suspect.get(row["suspect_id"])),
        "addresses": lambda row: known.starts(row, "from_date"),
        "statuses": lambda row: known.starts(row, "from_date"),
        "episodes": lambda row: known.starts(row, "referred_on"),
        "risk_levels": known.level,
        "missing_episodes": lambda row: known.starts(row, "missing_from"),
        "crimes": known.crime,
        "crime_suspects": lambda row: known.since(known.events.of_crime[row["crime_ref"]]),
        "suspect_occurrences": lambda row: known.starts(row, "created_on"),
    }
    return {
        file: [known.so_far(file, row) for row in tables.get(file, []) if keep[file](row)]
        for file in keep
    }


# What is known later than its row: the column that dates it, and what was said with it.
KNOWN_LATER: dict[str, list[tuple[str, list[str]]]] = {
    "addresses": [("to_date", [])],
    "statuses": [("to_date", [])],
    "episodes": [("closed_on", ["closure_reason"])],
    "missing_episodes": [
        ("found_at", []),
        ("return_interview_on", ["return_interview_accepted"]),
    ],
    "suspect_occurrences": [("closed_on", [])],
}


class _Known:
    """What a first extract's own dates say was known at a moment."""

    def __init__(self, tables: Tables, known_at: datetime) -> None:
        self.events = Events(tables)
        self.known_at = known_at

    def since(self, on: date | None) -> bool:
        """A fact of that day; one without any dated event is known from the import alone."""
        return on is not None and noon(on) <= self.known_at

    def starts(self, row: Row, column: str) -> bool:
        return self.since(_date(row, column))

    def level(self, row: Row) -> bool:
        recorded_at = row.get("recorded_at")
        return moment(recorded_at) <= self.known_at if recorded_at else self.starts(row, "set_on")

    def crime(self, row: Row) -> bool:
        return self.starts(row, "recorded_on" if row.get("recorded_on") else "offence_date")

    def so_far(self, file: str, row: Row) -> Row:
        """The row without the ends and outcomes that were not known yet."""
        if file == "crimes":
            dated_by = "outcome_on" if row.get("outcome_on") else "offence_date"
            return row if self.starts(row, dated_by) else _without(row, "outcome", "outcome_on")
        for column, with_it in KNOWN_LATER.get(file, []):
            if not self.starts(row, column):
                row = _without(row, column, *with_it)
        return row


class Events:
    """The earliest dated event of each child, crime and suspect: undated facts date from it."""

    def __init__(self, tables: Tables) -> None:
        crimes = tables.get("crimes", [])
        self.of_crime = {row["crime_ref"]: day(row["offence_date"]) for row in crimes}
        self.of_child: dict[str, date] = {}
        self.of_suspect: dict[str, date] = {}
        for file, column in [
            ("addresses", "from_date"),
            ("statuses", "from_date"),
            ("episodes", "referred_on"),
            ("missing_episodes", "missing_from"),
        ]:
            for row in tables.get(file, []):
                _earliest(self.of_child, row["child_id"], _date(row, column))
        for row in crimes:
            _earliest(self.of_child, row.get("victim_child_id") or "", day(row["offence_date"]))
        for row in tables.get("suspect_occurrences", []):
            _earliest(self.of_suspect, row["suspect_id"], day(row["created_on"]))
        for row in tables.get("crime_suspects", []):
            _earliest(self.of_suspect, row["suspect_id"], self.of_crime[row["crime_ref"]])


def _earliest(seen: dict[str, date], key: str, on: date | None) -> None:
    if on is not None:
        seen[key] = min(seen.get(key, on), on)


def _date(row: Row, column: str) -> date | None:
    """The date of a date or of a timestamp."""
    text = row.get(column)
    if not text:
        return None
    return moment_day(text) if "T" in text or " " in text else day(text)


def _without(row: Row, *columns: str) -> Row:
    return {**row, **dict.fromkeys(columns, "")}


# --- a later import ---------------------------------------------------------------------------

OWN_ID = {
    "children": "child_id",
    "episodes": "episode_id",
    "missing_episodes": "missing_id",
    "crimes": "crime_ref",
    "suspects": "suspect_id",
    "suspect_occurrences": "occurrence_id",
}
# A file of dated rows: the file that names its subjects, and what its rows are known by (with
# their position among equals).
HANGS_ON = {
    "addresses": ("children", ["child_id", "from_date"]),
    "statuses": ("children", ["child_id", "from_date", "status"]),
    "risk_levels": ("episodes", ["episode_id", "set_on"]),
    "crime_suspects": ("crimes", ["crime_ref", "suspect_id"]),
}


def laid_over(before: Tables, later: Tables) -> Tables:
    """What stands after a later extract; files that do not enter the report are left out."""
    after: Tables = {}
    for file, column in OWN_ID.items():
        named = {row[column]: row for row in later.get(file, [])}
        old = {row[column]: row for row in before.get(file, [])}
        # An absent column leaves what is there; an empty cell means not recorded.
        after[file] = [{**old.get(key, {}), **named.get(key, {})} for key in {**old, **named}]
    for file in HANGS_ON:
        after[file] = _hanging(file, before, later)
    return after


def _hanging(file: str, before: Tables, later: Tables) -> list[Row]:
    """A named subject has what the file gives it and no more; the others keep theirs."""
    if file not in later:
        return before.get(file, [])
    subjects, columns = HANGS_ON[file]
    subject = columns[0]
    named = {row[subject] for row in [*later.get(subjects, []), *later[file]]}
    kept = [row for row in before.get(file, []) if row[subject] not in named]
    old = _identified(before.get(file, []), columns)
    return kept + [
        {**old.get(key, {}), **row} for key, row in _identified(later[file], columns).items()
    ]


def _identified(rows: Iterable[Row], columns: list[str]) -> dict[tuple[object, ...], Row]:
    found: dict[tuple[object, ...], Row] = {}
    for row in rows:
        key = tuple(_value(row, column) for column in columns)
        position = 0
        while (*key, position) in found:
            position += 1
        found[(*key, position)] = row
    return found


def _value(row: Row, column: str) -> object:
    """A cell to compare: one day is one day however it is written."""
    return day(row[column]) if column in ("from_date", "set_on") else row[column]
