"""Keys are put right in one pass over each table, whatever PostgreSQL believes of how many rows there are.

Tables that were last counted when they were nearly empty (before a first import) made it look for each key's grounds
anew: importing two years of a hub took a second, or more than a minute. What is surplus is deleted by its numbers, so
that a single child's keys are found by an index.
"""

from importlib import import_module

from django.db import migrations

before = import_module("referrals.migrations.0038_keys_are_kept")

KEEP = "CREATE OR REPLACE FUNCTION referrals_keep_keys(asked bigint[], of_part text) RETURNS bigint"
BODY = """
DECLARE
    surplus bigint;
    missing bigint;
BEGIN
    DELETE FROM referrals_matchkey WHERE id = ANY (ARRAY(
        SELECT k.id FROM referrals_matchkey k
        LEFT JOIN referrals_keys_due(asked, of_part) d ON d.child_id = k.child_id AND d.key = k.key
        WHERE k.part = of_part AND (asked IS NULL OR k.child_id = ANY (asked)) AND d.key IS NULL));
    GET DIAGNOSTICS surplus = ROW_COUNT;
    INSERT INTO referrals_matchkey (partnership_id, child_id, part, key)
        SELECT d.* FROM referrals_keys_due(asked, of_part) d EXCEPT SELECT partnership_id, child_id, part, key
        FROM referrals_matchkey WHERE part = of_part AND (asked IS NULL OR child_id = ANY (asked));
    GET DIAGNOSTICS missing = ROW_COUNT;
    RETURN surplus + missing;
END $$;
"""
IN_ONE_PASS = "SET enable_nestloop = off SET plan_cache_mode = force_custom_plan SET jit = off"


class Migration(migrations.Migration):
    dependencies = [("referrals", "0049_disagreements_are_kept")]

    operations = [
        migrations.RunSQL(
            f"{KEEP} {IN_ONE_PASS} {before.DEFINED}{BODY}", f"{KEEP} {before.DEFINED}{BODY}"
        )
    ]
