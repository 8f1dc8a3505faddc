"""Functions that read at once, with one of their conditions taken away: who compares must see it."""

from collections.abc import Callable, Iterator

from django.db import DatabaseError, connection, transaction

from tests.drill.loosened import without_one
from tests.test_second_wall import rows

BODY = "SELECT prosrc, pg_get_functiondef(oid) FROM pg_proc WHERE proname = %s"


def unnoticed(function: str, compare: Callable[[], object]) -> list[str]:
    """Give the conditions of a function that can be taken away while `compare` goes on as before."""
    compare()  # else each of them would be "noticed"
    [(body, definition)] = rows(BODY, [function])
    versions = list(without_one(str(body)))
    left = list(_lived(str(definition), str(body), versions, compare))
    print(f"{function}: {len(versions)} conditions, {len(versions) - len(left)} noticed")
    return left


def _lived(
    definition: str, body: str, versions: list[tuple[str, str]], compare: Callable[[], object]
) -> Iterator[str]:
    for gone, left in versions:
        with transaction.atomic():
            if not _noticed(definition.replace(body, left), compare):
                yield gone
            transaction.set_rollback(True)


def _noticed(statement: str, compare: Callable[[], object]) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            compare()
    except (AssertionError, DatabaseError):
        return True
    return False
