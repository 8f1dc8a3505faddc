"""Running SQL made from the layout.

Names of tables and columns come from the layout alone, never from a file; values go as parameters.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from string import Template
from typing import Any

from django.db import connection

FETCH = 2_000

Params = dict[str, Any]


def fill(statement: str, /, **names: str) -> str:
    """Put names, and parts of SQL, where `$name` stands."""
    return Template(statement).substitute(names)


def run(statement: str, params: Params | None = None, /, **names: str) -> int:
    """Run a statement; say how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(fill(statement, **names), params)
        return int(cursor.rowcount)


def rows(statement: str, params: Params | None = None, /, **names: str) -> list[tuple[Any, ...]]:
    """Give a short answer's rows."""
    with connection.cursor() as cursor:
        cursor.execute(fill(statement, **names), params)
        return list(cursor.fetchall())


def number(statement: str, params: Params | None = None, /, **names: str) -> int:
    """Give the one number of an answer."""
    return int(rows(statement, params, **names)[0][0])


@contextmanager
def stream(
    statement: str, params: Params | None = None, /, **names: str
) -> Iterator[Iterator[tuple[Any, ...]]]:
    """Give a long answer's rows as they come, through a cursor of the server: memory stays flat."""
    driver: Any = connection.connection
    with driver.cursor(name="extract_rows") as cursor:
        cursor.itersize = FETCH
        cursor.execute(fill(statement, **names), params)
        yield iter(cursor)


def make(made: str, query: str, params: Params | None = None, /, **names: str) -> int:
    """Make a temporary table of a query, with statistics; say how many rows it has."""
    table = "CREATE TEMP TABLE $made ON COMMIT DROP AS $query"
    count = run(table, params, made=made, query=fill(query, **names))
    if count:
        run("ANALYZE $made", made=made)
    return count


def listed(columns: Iterable[str], form: str = "{}") -> str:
    """Join columns by commas, each put into a form."""
    return ", ".join(form.format(column) for column in columns)


def every(columns: Iterable[str], form: str) -> str:
    """Join a condition on each column by AND; true where there is none."""
    return " AND ".join(form.format(column) for column in columns) or "true"
