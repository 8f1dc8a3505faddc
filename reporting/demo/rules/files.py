"""Writing generated rows as the CSV files of the extract contract."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from reporting.demo.rules.rows import COLUMNS, Row, Rows


class Sheet(Protocol):
    """What the csv module's writer can do, as far as it is used here."""

    def writerow(self, row: Iterable[object], /) -> object:
        """Write one line."""

    def writerows(self, rows: Iterable[Row], /) -> None:
        """Write many lines."""


def write_extract(subjects: Iterable[Rows], folder: Path) -> Counter[str]:
    """Write every subject's rows into a folder, each file with its header; give the rows per file.

    The folder is made if missing; files of the extract that are in it are replaced. One subject is
    held at a time. Raises OSError if a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: Counter[str] = Counter(dict.fromkeys(COLUMNS, 0))
    with _sheets(folder) as sheets:
        for subject in subjects:
            for name, rows in subject.items():
                sheets[name].writerows(rows)
                written[name] += len(rows)
    return written


@contextmanager
def _sheets(folder: Path) -> Iterator[dict[str, Sheet]]:
    with ExitStack() as stack:
        sheets: dict[str, Sheet] = {}
        for name, columns in COLUMNS.items():
            path = folder / f"{name}.csv"
            file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            sheets[name] = csv.writer(file)
            sheets[name].writerow(columns.split())
        yield sheets
