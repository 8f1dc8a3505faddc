"""Refusing bad rows: those with a fault, and those that hang on them; the rest is imported."""

import csv
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from reporting.extracts.actions.faults import find
from reporting.extracts.actions.opening import KNOWN, Source
from reporting.extracts.actions.parsing import records
from reporting.extracts.actions.sql import fill, run, stream
from reporting.extracts.actions.staging import AllStaged, text_of
from reporting.extracts.rules.facts import FACTS
from reporting.extracts.rules.layout import File

ADDED = ("rejected_line", "rejected_because")
LONGEST_HEADER = 100_000
BAD = "SELECT line FROM import_faults WHERE kind = 'row' AND file = '$csv'"


def prepare_refusals() -> None:
    """Make the list of the subjects of refused rows, file by file."""
    run("CREATE TEMP TABLE import_held (file text, subject text) ON COMMIT DROP")


def refuse_bad_rows(staged: AllStaged) -> None:
    """Take the bad rows out, in an order in which a file comes after those that it refers to."""
    for state in staged.values():
        if state.there:
            _refuse_hanging(state.file, staged)
            _take_out(state.file)


def _refuse_hanging(file: File, staged: AllStaged) -> None:
    for column in file.references:
        parent = staged[column.refers]
        if parent.there:
            find(
                """
                SELECT 'row', '$csv', t.line_no, '$c', 'hangs on a refused row of $parent.csv', t.$c
                FROM typed_$file t
                WHERE t.$c <> '' AND NOT EXISTS (SELECT FROM typed_$parent p WHERE p.$id = t.$c)
                    AND t.line_no NOT IN ($bad AND col IN ('$c', 'row'))
                """,
                csv=file.csv,
                file=file.name,
                c=column.name,
                parent=parent.file.name,
                id=parent.file.own_id,
                bad=fill(BAD, csv=file.csv),
            )


def _take_out(file: File) -> None:
    names = {
        "file": file.name,
        "subject": next(fact.subject for fact in FACTS if fact.file == file.name),
        "bad": fill(BAD, csv=file.csv),
    }
    run(
        """
        INSERT INTO import_held
        SELECT DISTINCT '$file', $subject FROM typed_$file WHERE line_no IN ($bad)
        """,
        **names,
    )
    run("DELETE FROM typed_$file WHERE line_no IN ($bad)", **names)


# --- rejected/ --------------------------------------------------------------------------------


def write_rejected(source: Source, staged: AllStaged, folder: Path) -> None:
    """Write the refused rows as they came, under their files' names, with line and reasons.

    Raises OSError where the folder cannot be written.
    """
    clear_rejected(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for state in staged.values():
        if state.there:
            with stream(REASONS, {"csv": state.file.csv}) as reasons:
                _write_file(source, state.file, folder, reasons)


def clear_rejected(folder: Path) -> None:
    """Delete what an earlier import rejected, and nothing else: it would pass for this one's.

    Raises OSError where the folder cannot be written.
    """
    old = [path for path in (folder / name for name in KNOWN) if _is_rejected(path)]
    for path in old:
        path.unlink()
    if old:
        with suppress(OSError):  # something else lies there
            folder.rmdir()


def _is_rejected(path: Path) -> bool:
    """Whether its header ends in the columns that only rejected rows have."""
    if not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as lines:
        return lines.readline(LONGEST_HEADER).rstrip().endswith(",".join(ADDED))


REASONS = """
    SELECT line, string_agg(col || ' ' || problem, '; ' ORDER BY id) FROM import_faults
    WHERE kind = 'row' AND file = %(csv)s GROUP BY line ORDER BY line
"""


def _write_file(
    source: Source, file: File, folder: Path, reasons: Iterator[tuple[Any, ...]]
) -> None:
    wanted = next(reasons, None)
    if wanted is None:
        return
    path = folder / file.csv
    with (
        text_of(source.openers[file.name], lambda _size: None) as (text, _reader),
        path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as out,
    ):
        writer = csv.writer(out)
        found = records(text)
        writer.writerow([*next(found).cells, *ADDED])
        for record in found:
            if wanted and record.line == wanted[0]:
                writer.writerow([*record.cells, *wanted])
                wanted = next(reasons, None)
