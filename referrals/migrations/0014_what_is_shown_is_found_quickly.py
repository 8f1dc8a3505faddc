"""The lists of what is shown are read from the index alone, and what is hidden is taken off as a list.

Before, each row shown was looked up among the restrictions, and the list was sorted to have each number once:
2.8 ms for 6,000 rows instead of 0.8. Whoever asks for the list hashes it, so that twice does no harm.
"""

from importlib import import_module

from django.db import migrations

SHOWN = """
CREATE OR REPLACE FUNCTION hub_shown_{kind}() RETURNS bigint[] LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN RETURN ARRAY(
    SELECT {column} FROM referrals_sight
    WHERE (SELECT hub_may('shared_cases.view')) AND partnership_id = (SELECT hub_partnership())
        AND audience = ANY ((SELECT hub_audiences())::bigint[]) AND (expires_at IS NULL OR expires_at > now())
        AND {column} IS NOT NULL AND child_id NOT IN (SELECT unnest((SELECT hub_hidden_children())))
); END $$;
"""
WALL = import_module("referrals.migrations.0011_who_sees_a_child").WALL
BEFORE = WALL[WALL.index("CREATE OR REPLACE FUNCTION hub_shown_children()") :]


class Migration(migrations.Migration):
    dependencies = [("referrals", "0013_found_past_the_wall")]

    operations = [
        migrations.RunSQL(
            SHOWN.format(kind="children", column="child_id")
            + SHOWN.format(kind="episodes", column="episode_id"),
            BEFORE,
        )
    ]
