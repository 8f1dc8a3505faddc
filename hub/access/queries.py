"""Reading the second wall itself, as the database holds it."""

from typing import Any

from django.db import connection

_POLICIES = """
SELECT tablename::text, cmd, permissive = 'PERMISSIVE', array_to_string(roles, ' and '), qual, with_check
FROM pg_policies p JOIN pg_tables t USING (schemaname, tablename)
WHERE schemaname = 'public' AND NOT (policyname = 'owner' AND roles = ARRAY[tableowner])
    AND CASE cmd WHEN 'ALL' THEN true
        WHEN 'DELETE' THEN has_table_privilege('hub_app', quote_ident(tablename), cmd)
        ELSE has_any_column_privilege('hub_app', quote_ident(tablename), cmd) END
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
) SELECT oid::regprocedure::text, prosrc, prosecdef, has_function_privilege('hub_app', oid, 'EXECUTE')
FROM pg_proc WHERE oid IN (SELECT oid FROM asked)
    OR (prosecdef AND pronamespace = 'public'::regnamespace AND prorettype <> 'trigger'::regtype)
ORDER BY 1
"""


def policies_in_force() -> list[tuple[str, str, bool, str, str | None, str | None]]:
    """Give each rule: table, command, whether one of several is enough, for whom, both conditions."""
    return _rows(_POLICIES)


def functions_of_the_wall() -> list[tuple[str, str, bool, bool]]:
    """Give what rules ask, or what runs as the owner: name, body, whether it does, and may be asked."""
    return _rows(_FUNCTIONS)


def _rows(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found: list[Any] = cursor.fetchall()
    return found
