"""The tables that tests run on are those that a hub's are: made quickly, made plainly, they are the same."""

from pathlib import Path

import pytest
from django.db import connection

from hub.engines import actions
from tests.drill.own_hub import OwnHub

IS_THERE = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity,"
    " character_maximum_length, generation_expression"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger"
    " WHERE NOT tgisinternal",
    "policies": "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check"
    " FROM pg_policies",
    "functions": "SELECT proname, pg_get_functiondef(oid) FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'",
    "rights": "SELECT relname, relacl::text, relrowsecurity, relforcerowsecurity FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace",
}


@pytest.mark.drill
@pytest.mark.django_db
def test_tables_made_quickly_are_those_made_plainly(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    try:
        plain = OwnHub(data_dir)
        for what, question in IS_THERE.items():
            with connection.cursor() as cursor:
                cursor.execute(question)
                made = {*cursor.fetchall()}
            expected = {*plain.ask(question)}
            print(f"{what}: {len(expected)}")
            assert made == expected, what
    finally:
        actions.destroy(data_dir=data_dir)
