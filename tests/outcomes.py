"""What a statement does as the application's role: how many rows, or that it is refused; it is undone."""

import json
from functools import cache
from typing import Any

from django.db import DatabaseError, ProgrammingError, connection, transaction
from psycopg2.errors import InsufficientPrivilege

from tests.second_wall import APPLICATION
from tests.test_second_wall import rows

REFUSED, FAILED = -1, -2


def adds(table: str, row: dict[str, Any]) -> bool:
    """Whether a copy of a row may be written: it is refused, or it is only one too many."""
    columns = ", ".join(f'"{name}"' for name in row)
    copy = f"SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"
    return outcome(f"INSERT INTO {table} ({columns}) {copy}", json.dumps(row)) != REFUSED


def outcome(statement: str, *values: Any) -> int:
    """How many rows a statement changes, or that it is refused, or that it fails otherwise; it is undone."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            transaction.set_rollback(True)
            return int(cursor.rowcount)
    except ProgrammingError as fault:
        if isinstance(fault.__cause__, InsufficientPrivilege):
            return REFUSED
        raise
    except DatabaseError:
        return FAILED


@cache
def has_right(table: str, right: str) -> bool:
    """Whether the application's role has it at all."""
    [(may,)] = rows("SELECT has_table_privilege(%s, %s, %s)", APPLICATION, table, right)
    return bool(may)
