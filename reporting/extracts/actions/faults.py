"""The list of what is wrong or odd in an extract, kept in a temporary table so that memory stays flat.

Kinds: `file` (nothing can be imported), `row`, `warning`.
"""

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from reporting.extracts.actions.sql import Params, fill, number, run, stream
from reporting.extracts.rules.outcome import Fault


def begin_faults() -> None:
    """Begin an empty list."""
    run("""
        CREATE TEMP TABLE import_faults (
            id bigint GENERATED ALWAYS AS IDENTITY,
            kind text, file text, line int, col text, problem text, value text
        ) ON COMMIT DROP
    """)


def find(query: str, params: Params | None = None, /, **names: str) -> int:
    """List what a query finds: kind, file, line, column, problem, value."""
    return run(
        "INSERT INTO import_faults (kind, file, line, col, problem, value) $query",
        params,
        query=fill(query, **names),
    )


def add(kind: str, faults: Iterable[Fault]) -> None:
    """List what was found while reading."""
    lines = [
        [
            kind,
            fault.file,
            fault.line,
            fault.column,
            _storable(fault.problem),
            _storable(fault.value),
        ]
        for fault in faults
    ]
    if lines:
        copy_in("import_faults (kind, file, line, col, problem, value)", as_csv(lines))


def _storable(text: str) -> str:
    """Make text that PostgreSQL can keep: no NUL, and bytes that were no UTF-8 shown as such."""
    return text.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()


def as_csv(lines: Iterable[Iterable[Any]]) -> str:
    """Write lines as COPY reads them; an empty cell is NULL.

    Python before 3.13 quotes only those line ends that it writes itself: so it writes both.
    """
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(lines)
    return buffer.getvalue()


def copy_in(target: str, text: str) -> None:
    """COPY lines into a table."""
    with connection.cursor() as cursor:
        raw: Any = cursor.cursor
        raw.copy_expert(
            fill("COPY $target FROM STDIN (FORMAT csv)", target=target), io.StringIO(text)
        )


def tell(kind: str, listener: Callable[[Fault], None]) -> int:
    """Tell of each of a kind, file by file and line by line; say how many."""
    count = number("SELECT count(*) FROM import_faults WHERE kind = %(kind)s", {"kind": kind})
    if count:
        with stream(
            """
            SELECT file, line, col, problem, coalesce(value, '') FROM import_faults
            WHERE kind = %(kind)s ORDER BY file, line, col, id
            """,
            {"kind": kind},
        ) as found:
            for row in found:
                listener(Fault(*row))
    return count
