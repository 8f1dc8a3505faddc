"""Single rows that every request reads: who is signed in, their session, and how they like the hub.

Django puts a statement together anew each time it asks, which takes far longer than to find the row; these
are put together once (docs/decisions/0032-who-asks-is-read-plainly.md).
"""

from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


def read_row(model: type[M], key: int | str | None) -> M | None:
    """Read the row with this primary key; None where there is none."""
    names, statement = _asked(model)
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])
        values = cursor.fetchone()
    return None if values is None else model.from_db(connection.alias, names, values)


@cache
def _asked(model: type[models.Model]) -> tuple[list[str], str]:
    fields: Any = model._meta.concrete_fields
    key: Any = model._meta.pk
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(field.column) for field in fields)
    # Our own names, quoted; the key is a placeholder.
    statement = (
        f"SELECT {columns} FROM {quoted(model._meta.db_table)} WHERE {quoted(key.column)} = %s"  # noqa: S608  # nosec B608
    )
    return [field.attname for field in fields], statement
