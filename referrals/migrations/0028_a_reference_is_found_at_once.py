"""What begins with a reference is what lies between it and the greatest text that begins with it.

`LIKE` finds its index only where the beginning is known when PostgreSQL plans, so it planned each search anew. The
comparisons are those of the index (`text_pattern_ops`): byte by byte.
"""

from importlib import import_module

from django.db import migrations

before = import_module("referrals.migrations.0013_found_past_the_wall")
BEGINS = "upper(reference) ~>=~ asked AND upper(reference) ~<~ (asked || chr(1114111))"
BEARING = f"""
    SELECT id AS child_id, partnership_id FROM referrals_child
    WHERE {BEGINS}
    UNION SELECT child_id, partnership_id FROM referrals_episode
    WHERE {BEGINS}
"""
REPLACED = before.FUNCTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
NOW = REPLACED.replace(
    "SET search_path = pg_catalog, public, pg_temp",
    "SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan",
)


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0027_what_is_hidden_is_found_at_once"),
        ("hub", "0015_agreements_bind_the_application_alone"),
    ]

    operations = [
        migrations.RunSQL(
            NOW.format(name="referrals_children_bearing", kind="text", found=BEARING),
            REPLACED.format(name="referrals_children_bearing", kind="text", found=before.BEARING),
        )
    ]
