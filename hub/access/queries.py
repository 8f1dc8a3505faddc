"""Reading the second wall itself, as the database holds it."""

from typing import Any

from django.db import connection

_POLICIES = """
SELECT tablename::text, cmd, permissive = 'PERMISSIVE', qual, with_check FROM pg_policies
WHERE schemaname = 'public' AND policyname <> 'owner'
ORDER BY tablename, array_position(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'], cmd),
    permissive = 'RESTRICTIVE', policyname
"""
# Those that policies ask, those that these ask in their turn, and those that read past the wall when asked.
_FUNCTIONS = """
WITH RECURSIVE asked(oid, body) AS (
    SELECT p.oid, p.prosrc FROM pg_policies y JOIN pg_proc p
        ON strpos(coalesce(y.qual, '') || coalesce(y.with_check, ''), p.proname || '(') > 0
    WHERE p.pronamespace = 'public'::regnamespace
    UNION
    SELECT p.oid, p.prosrc FROM asked a JOIN pg_proc p ON strpos(a.body, p.proname || '(') > 0
    WHERE p.pronamespace = 'public'::regnamespace
) SELECT oid::regprocedure::text, body FROM asked
UNION SELECT oid::regprocedure::text, prosrc FROM pg_proc
WHERE prosecdef AND pronamespace = 'public'::regnamespace AND prorettype <> 'trigger'::regtype ORDER BY 1
"""


def policies_in_force() -> list[tuple[str, str, bool, str | None, str | None]]:
    """Give each rule that binds the application: table, command, whether one is enough, both conditions."""
    return _rows(_POLICIES)


def functions_of_the_wall() -> list[tuple[str, str]]:
    """Give each function, with its body, that rules ask or that reads past them when it is asked."""
    return _rows(_FUNCTIONS)


def _rows(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found: list[Any] = cursor.fetchall()
    return found
