"""Functions that read at once, with one of their conditions taken away: who compares must see it."""

import re
from collections.abc import Callable

from django.db import connection, transaction

from tests.drill.loosened import without_one
from tests.test_second_wall import rows

BODY = "SELECT prosrc, pg_get_functiondef(oid) FROM pg_proc WHERE proname = ANY (%s)"


def unnoticed(function: str, compare: Callable[[], object], naming: str = "") -> list[str]:
    """Give the conditions of a function that can be taken away while `compare` goes on as before.

    `naming` is what of them is tried, by a pattern: all where it is empty.
    """
    [(body, definition)] = rows(BODY, [function])
    assert not _noticed(str(definition), compare), "else each of them would be noticed"
    versions = [
        (gone, str(definition).replace(str(body), left))
        for gone, left in without_one(str(body))
        if re.search(naming, gone)
    ]
    lived = [gone for gone, statement in versions if not _noticed(statement, compare)]
    print(*(f"lived: {gone}" for gone in lived), sep="\n")
    print(f"{function}: {len(versions)} conditions, {len(versions) - len(lived)} noticed")
    return lived


def _noticed(statement: str, compare: Callable[[], object]) -> bool:
    """Say whether it is noticed that the function is this one; nothing of it stays."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            compare()
            transaction.set_rollback(True)
    except Exception:  # noqa: BLE001  # what breaks is noticed
        return True
    return False
