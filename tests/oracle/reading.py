"""Reading an extract's CSV files as plain rows (the extract contract)."""

import csv
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

Row = dict[str, str]
Tables = dict[str, list[Row]]
"""File name without `.csv` -> its rows in file order; a file that is absent has no key."""


def read(folder: Path) -> Tables:
    """Every CSV file of an extract; cells stay text, absent columns are absent keys."""
    return {path.stem: _rows(path) for path in sorted(folder.glob("*.csv"))}


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date:
    """A date written `YYYY-MM-DD` or `DD/MM/YYYY`."""
    if "/" in text:
        dd, mm, yyyy = text.split("/")
        return date(int(yyyy), int(mm), int(dd))
    return date.fromisoformat(text)


def day_or_none(text: str | None) -> date | None:
    """A date, or None where the cell is empty or the column absent."""
    return day(text) if text else None


def moment(text: str) -> datetime:
    """An ISO timestamp; one without an offset is Europe/London."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=LONDON)


def moment_day(text: str) -> date:
    """The Europe/London date of a timestamp."""
    return moment(text).astimezone(LONDON).date()


def noon(on: date) -> datetime:
    """12:00 Europe/London, when a dated fact of a first import is taken to be known."""
    return datetime.combine(on, time(12), tzinfo=LONDON)


def by(rows: list[Row], column: str) -> dict[str, list[Row]]:
    """Rows grouped by the value of one column, file order kept."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups
