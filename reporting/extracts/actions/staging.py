"""Staging: each file goes row by row into a temporary table of text, with the line of each row.

The tables are this connection's own (nobody else can read them) and end with the transaction.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import IO, Any

from reporting.extracts.actions.faults import add, as_csv, copy_in
from reporting.extracts.actions.opening import HashingReader, Source, buffered
from reporting.extracts.actions.parsing import Damaged, Record, records
from reporting.extracts.actions.sql import listed, run
from reporting.extracts.rules.layout import FILES, File
from reporting.extracts.rules.outcome import Fault, Listener

BATCH = 5_000
UNREADABLE = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,
    NotImplementedError,
)
"""What a damaged or encrypted member of a .zip, or a file that may not be read, raises."""


class Staged:
    """What is known of a file once it is staged. `columns`: those of the layout that its header has."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.there = False
        self.columns: tuple[str, ...] = ()
        self.unknown: list[str] = []
        self.rows = 0
        self.has_broken_rows = False
        self.sha256 = ""

    def has(self, column: str) -> bool:
        """Say whether its header has a column."""
        return column in self.columns


AllStaged = dict[str, Staged]


def stage_all(source: Source, listener: Listener) -> AllStaged:
    """Stage every file of the layout; those that are absent become empty tables."""
    staged: AllStaged = {}
    for file in FILES:
        staged[file.name] = state = Staged(file)
        _make_table(file)
        if file.name in source.openers:
            listener.step(file.csv, source.sizes[file.name])
            _stage(state, source.openers[file.name], listener)
        elif file.required:
            add("file", [Fault(file.csv, 1, "file", "is missing")])
    return staged


def _make_table(file: File) -> None:
    run(
        "CREATE TEMP TABLE staged_$file (line_no int, $columns) ON COMMIT DROP",
        file=file.name,
        columns=listed((column.name for column in file.columns), "{} text"),
    )


@contextmanager
def text_of(
    opener: Callable[[], IO[bytes]], told: Callable[[int], None]
) -> Iterator[tuple[IO[str], HashingReader]]:
    """Open a file as text: UTF-8 with or without a mark; bytes that are none are found row by row."""
    reader = HashingReader(opener(), told)
    with buffered(reader) as binary:
        yield io.TextIOWrapper(binary, "utf-8-sig", "surrogateescape", newline=""), reader


def _stage(state: Staged, opener: Callable[[], IO[bytes]], listener: Listener) -> None:
    file = state.file
    try:
        with text_of(opener, listener.read) as (text, reader):
            _stage_text(state, text)
            state.sha256 = reader.sha256()
    except Damaged as damage:
        add("file", [Fault(file.csv, damage.line, "file", damage.problem)])
    except UNREADABLE as error:
        problem = f"cannot be read to its end: {error}"
        add("file", [Fault(file.csv, state.rows + 1, "file", problem)])


def _stage_text(state: Staged, text: IO[str]) -> None:
    found = records(text)
    header = next(found, None)
    if header is None or header.problem:
        problem = header.problem if header else "is empty: it has no header row"
        add("file", [Fault(state.file.csv, 1, "file", problem)])
        return
    state.there = True
    names = [name.strip() for name in header.cells]
    _read_header(state, names)
    places = [names.index(column) for column in state.columns]
    while batch := list(islice(found, BATCH)):
        _stage_batch(state, batch, places, len(names))


def _read_header(state: Staged, names: list[str]) -> None:
    file = state.file
    known = [column.name for column in file.columns]
    state.columns = tuple(name for name in known if name in names)
    state.unknown = [name for name in dict.fromkeys(names) if name not in known]
    missing = [c.name for c in file.columns if c.needed and c.name not in names]
    twice = [name for name in state.columns if names.count(name) > 1]
    add("file", (Fault(file.csv, 1, name, "is missing from the header") for name in missing))
    add("file", (Fault(file.csv, 1, name, "is in the header twice") for name in twice))


def _stage_batch(state: Staged, batch: list[Record], places: list[int], width: int) -> None:
    faults: list[Fault] = []
    lines: list[list[Any]] = []
    for record in batch:
        cells = record.cells
        if record.problem or len(cells) != width:
            faults.append(_broken(state.file, record, width))
            cells = (cells + [""] * width)[:width]
        lines.append([record.line, *(cells[place] for place in places)])
    text = as_csv(lines)
    if "\0" in text or not _is_utf8(text):
        faults += [fault for line in lines for fault in _clean(state, line)]
        text = as_csv(lines)
    add("row", faults)
    state.has_broken_rows |= bool(faults)
    copy_in(f"staged_{state.file.name} ({listed(['line_no', *state.columns])})", text)
    state.rows += len(batch)


def _broken(file: File, record: Record, width: int) -> Fault:
    shape = f"has {len(record.cells)} cells where the header has {width}"
    first = record.cells[0] if record.cells else ""
    return Fault(file.csv, record.line, "row", record.problem or shape, first)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _clean(state: Staged, line: list[Any]) -> Iterator[Fault]:
    """Blank the cells that cannot be stored, and say which they were."""
    for place, name in enumerate(state.columns, start=1):
        cell = str(line[place])
        if "\0" in cell or not _is_utf8(cell):
            problem = "holds a NUL character" if "\0" in cell else "is not UTF-8"
            yield Fault(state.file.csv, int(line[0]), name, problem, cell)
            line[place] = ""
