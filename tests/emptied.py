"""Emptying every table after a test that really commits: quick, for few rows are there.

Django's own way makes every table and index anew, which takes a hundred times as long as to delete what a
story laid. Rows that are kept for ever go too: their triggers, and those of the trail, rest meanwhile.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

# Nobody changes these, so they stay, and Django need not fill them again.
STAY = {"django_content_type", "auth_permission"}
WITH_TRIGGERS = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"


@cache
def all_can_rest() -> bool:
    """Say whether this role may let all triggers rest at once; one by one each table is read anew after."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        return bool(cursor.fetchone()[0])


def resting(tables: Iterable[str], statements: Iterable[str]) -> list[str]:
    """Give the statements, for one transaction, with the tables' triggers at rest.

    Where they rest one by one, what refers to what is looked at in the end.
    """
    if all_can_rest():
        role = "SET LOCAL session_replication_role ="
        return [f"{role} replica", *statements, f"{role} origin"]
    with connection.cursor() as cursor:
        cursor.execute(WITH_TRIGGERS)
        guarded = sorted({name for (name,) in cursor.fetchall()} & set(tables))
    return [
        *(f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in guarded),
        *statements,
        "SET CONSTRAINTS ALL IMMEDIATE",
        *(f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in guarded),
        "SET CONSTRAINTS ALL DEFERRED",
    ]


def sql_flush(
    _self: DatabaseOperations, _style: Any, tables: Sequence[str], **_options: Any
) -> list[str]:
    """Give what empties the tables, in place of Django's; sequences go on."""
    emptied = (f"DELETE FROM {name}" for name in sorted(set(tables) - STAY))
    return [";".join(resting(tables, emptied))]
