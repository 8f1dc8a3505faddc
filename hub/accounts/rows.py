"""Rows that every request reads: who is signed in, their session, how they like the hub, and what they typed.

Django puts a statement together anew each time it asks, which takes far longer than to find the row; these
are put together once (docs/decisions/0032-who-asks-is-read-plainly.md).
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


def read_row(model: type[M], key: int | str | None) -> M | None:
    """Read the row with this primary key; None where there is none."""
    field: Any = model._meta.pk
    rows = read_rows(model, f"{connection.ops.quote_name(field.column)} = %s", [key])
    return rows[0] if rows else None


def read_rows(
    model: type[M], condition: str, values: Sequence[int | str | list[str] | None]
) -> list[M]:
    """Read the rows that a condition of our own names; what stands in it for a value is a placeholder."""
    names, statement = _asked(model, condition)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [model.from_db(connection.alias, names, row) for row in cursor.fetchall()]


@cache
def _asked(model: type[models.Model], condition: str) -> tuple[list[str], str]:
    fields: Any = model._meta.concrete_fields
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(field.column) for field in fields)
    table = quoted(model._meta.db_table)
    # Our own names, quoted.
    statement = f"SELECT {columns} FROM {table} WHERE {condition}"  # noqa: S608  # nosec B608
    return [field.attname for field in fields], statement
