"""Small extracts for the stories of the importer, and one way to import them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hub.accounts.actions import operator
from hub.facts.models import Fact
from reporting.extracts.actions import import_extract
from reporting.extracts.rules.layout import FILES
from reporting.extracts.rules.outcome import Fault, FileCounts, ImportResult, Listener

Rows = Sequence[Mapping[str, str]]

JODIE = {
    "child_id": "C1",
    "forenames": "Jodie",
    "surname": "Fenwick",
    "date_of_birth": "2001-05-03",
    "gender": "F",
}
E1 = {"episode_id": "E1", "child_id": "C1", "referred_on": "2015-04-02"}
BASE: dict[str, Rows] = {"children": [JODIE], "episodes": [E1]}
CRIME = {"crime_ref": "K1", "offence_code": "71", "offence_date": "2015-06-01", "cse_tag": "Y"}


def level(set_on: str, name: str, episode: str = "E1", **more: str) -> dict[str, str]:
    """A row of risk_levels.csv."""
    return {"episode_id": episode, "set_on": set_on, "level": name, **more}


class Heard(Listener):
    """Remembers what an import told."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.warnings: list[str] = []
        self.notes: list[str] = []

    def fault(self, fault: Fault) -> None:
        """Keep it as people read it."""
        self.faults.append(str(fault))

    def warning(self, fault: Fault) -> None:
        """Keep it as people read it."""
        self.warnings.append(str(fault))

    def note(self, text: str) -> None:
        """Keep it."""
        self.notes.append(text)


def write_extract(folder: Path, **files: Rows | str | bytes | None) -> Path:
    """Write the smallest extract there is, with files added, replaced (rows, text, bytes) or left out."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.csv"):
        old.unlink()
    for name, content in {**BASE, **files}.items():
        path = folder / f"{name}.csv"
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, str):
            path.write_text(content, encoding="utf-8", newline="")
        elif content is not None:
            _write_rows(path, name, content)
    return folder


def _write_rows(path: Path, name: str, rows: Rows) -> None:
    needed = [c.name for file in FILES if file.name == name for c in file.columns if c.needed]
    columns = list(dict.fromkeys([*needed, *(column for row in rows for column in row)]))
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def take(path: Path, **options: Any) -> ImportResult:
    """Import as the operator does."""
    return import_extract(path=path, by=operator(), **options)


def import_files(folder: Path, **files: Rows | str | bytes | None) -> ImportResult:
    """Write an extract and import it."""
    return take(write_extract(folder, **files))


def counts(result: ImportResult, file: str) -> FileCounts:
    """Give one file's line of the reconciliation."""
    return next(line for line in result.files if line.file == f"{file}.csv")


def history(facts: Iterable[Fact], *columns: str) -> list[tuple[Any, ...]]:
    """Each version's columns, and whether it still stands."""
    return [
        (*(getattr(fact, column) for column in columns), fact.superseded_at is None)
        for fact in facts
    ]
