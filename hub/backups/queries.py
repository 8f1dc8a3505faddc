"""The inventory of a database, asked of its catalogue; of records it tells digests and numbers alone."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from hub.backups.catalogue import CATALOGUE, HIDDEN, NEXT_OF, ROWS_OF, SEQUENCES, TABLES
from hub.backups.rules import ROWS, SEQUENCE, Inventory, counted_anew, differences
from hub.errors import RuleBroken

# A row's text, and a definition's, depend on these: they are the same wherever an inventory is made.
SETTINGS = {
    "search_path": "",
    "timezone": "UTC",
    "datestyle": "ISO, YMD",
    "intervalstyle": "iso_8601",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "quote_all_identifiers": "off",
}
COUNTED = """
SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint, greatest(0,
    (SELECT max(reach) FROM hub_seal), (SELECT max(transaction) FROM hub_auditevent),
    (SELECT max(transaction) FROM hub_change))
"""


def take_inventory(cursor: Any) -> Inventory:
    """List what the database holds: every row's digest by table, and every definition, owner and right.

    Needs a transaction, whose snapshot it keeps to if that is of one moment (REPEATABLE READ).
    """
    with _read_alike(cursor):
        found = {kind: _pairs(cursor, statement) for kind, statement in CATALOGUE.items()}
        sequences = [name for (name,) in _all(cursor, SEQUENCES)]
        found[SEQUENCE] = {name: _next_value(cursor, name) for name in sequences}
        found[ROWS] = {name: _digest(cursor, name, order) for name, order in _all(cursor, TABLES)}
    return found


@contextmanager
def _read_alike(cursor: Any) -> Iterator[None]:
    before = {name: _all(cursor, f"SELECT current_setting('{name}')")[0][0] for name in SETTINGS}
    _tell(cursor, SETTINGS)
    yield
    _tell(cursor, before)


def _tell(cursor: Any, settings: dict[str, str]) -> None:
    for name, value in settings.items():
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


def _all(cursor: Any, statement: str) -> list[Any]:
    cursor.execute(statement)
    return list(cursor.fetchall())


def _pairs(cursor: Any, statement: str) -> dict[str, str]:
    """Ask for names and what each says; what bears one name stands in one entry, in order."""
    found: dict[str, list[str]] = {}
    for name, said in _all(cursor, statement):
        found.setdefault(str(name), []).append(str(said))
    return {name: "\n".join(sorted(each)) for name, each in found.items()}


def _next_value(cursor: Any, name: str) -> str:
    """Give the number that a sequence would give next."""
    return str(_all(cursor, NEXT_OF.format(sequence=name))[0][0])


def _digest(cursor: Any, name: str, order: str) -> str:
    """Give a table's rows in one line: how many, and a digest of them all in the order of their key."""
    rows = _Digest()
    cursor.copy_expert(f"COPY ({ROWS_OF.format(table=name, order=order)}) TO STDOUT", rows)
    return f"{rows.lines} rows, sha256 {rows.sum.hexdigest()}"


class _Digest:
    """Takes what COPY writes, a line for each row, and keeps its digest alone."""

    def __init__(self) -> None:
        self.sum, self.lines = hashlib.sha256(), 0

    def write(self, part: bytes) -> int:
        # COPY writes a line break within a value as \\n, so that each true one ends a row.
        self.sum.update(part)
        self.lines += part.count(b"\n")
        return len(part)


def compare(noted: Inventory) -> tuple[Inventory, list[str]]:
    """Give what the database holds, and each difference from what was noted, in words.

    Raises RuleBroken where row security may hide rows from this role.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        export_snapshot(cursor)
        require_whole_sight(cursor)
        found = take_inventory(cursor)
        faults = list(differences(noted, found))
        # Asked only where the trail came back: what is missing was named already.
        return found, faults or list(counted_anew(*_counted(cursor)))


def require_whole_sight(cursor: Any) -> None:
    """Raise RuleBroken where row security may hide rows from this role: a copy would lack them, unsaid."""
    hidden = [name for (name,) in _all(cursor, HIDDEN)]
    if hidden:
        raise RuleBroken(
            "backup.hidden",
            f"Row security may hide rows of {', '.join(hidden)} from this role. Run this as the owner of the"
            " tables, or as a superuser.",
        )


def _counted(cursor: Any) -> tuple[int, int]:
    """Give the number of the next transaction, and the highest that the trail's rows and seals know."""
    (counted,) = _all(cursor, COUNTED)
    return counted[0], counted[1]


def export_snapshot(cursor: Any) -> str:
    """Keep this transaction to one moment, and give the name by which others read that moment too."""
    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    cursor.execute("SELECT pg_export_snapshot()")
    return str(cursor.fetchone()[0])
