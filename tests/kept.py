"""The cast kept aside in its database, so that a story has it in a moment: to make it takes a second.

Its rows lie in a schema of their own, copied there once for all stories of a process. Where a story wants
the cast they are put back as they were, without the triggers that would tell of them a second time.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from django.db import connection, transaction

from tests.emptied import resting

ASIDE = "kept_aside"
OWN = (
    "SELECT string_agg(format('%%I', attname), ', ') FROM pg_attribute"
    " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
)


class Kept:
    """What was made once: the rows of these tables (each with its columns), and what names them."""

    def __init__(self) -> None:
        self.tables: dict[str, str] = {}
        self._make: Callable[[], Any] = dict
        self._made: Any = None

    def make(self, make: Callable[[], Any]) -> None:
        """Make it in a database that holds nothing of the kind, and copy its rows aside."""
        with transaction.atomic(), connection.cursor() as cursor:
            before = _with_rows()
            self._make, self._made = make, make()
            cursor.execute(f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE; CREATE SCHEMA {ASIDE}")
            for table in sorted(_with_rows() - before):
                cursor.execute(OWN, [table])
                self.tables[table] = cursor.fetchone()[0]
                cursor.execute(f"CREATE TABLE {ASIDE}.{table} AS TABLE {table}")

    def put_back(self) -> Any:
        """Put the rows back, and give a copy of what names them; made anew beside rows of a story's own."""
        if _with_rows() & set(self.tables):
            return self._make()
        rows = [
            f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {ASIDE}.{table}"
            for table, columns in self.tables.items()
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(";".join(resting(self.tables, rows)))
        return deepcopy(self._made)


KEPT = Kept()


def _with_rows() -> set[str]:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    each = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(each)
        return {name for (name,) in cursor.fetchall()}
