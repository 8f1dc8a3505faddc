"""The last number that the hub gave to a child, and to an episode, also where that record is hidden from who asks.

Whoever did not see the newest record was given its reference a second time, which the database refuses. An index of
the numbers, for they were looked for among all rows. The functions tell nothing but the number.
"""

from django.db import migrations

LAST = """
CREATE INDEX {table}_given ON {table} (partnership_id, (substr(reference, {after})::integer)) WHERE reference ~ '{shape}';
CREATE FUNCTION {name}(asked bigint) RETURNS integer LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(max(substr(reference, {after})::integer), 0) FROM {table}
    WHERE partnership_id = asked AND reference ~ '{shape}'
$$;
"""
NO_LAST = "DROP FUNCTION {name}(bigint); DROP INDEX {table}_given;"
NUMBERED = [
    {"name": "referrals_last_child", "table": "referrals_child", "after": 3, "shape": "^H-[0-9]{1,9}$"},
    {"name": "referrals_last_episode", "table": "referrals_episode", "after": 4, "shape": "^HE-[0-9]{1,9}$"},
]


class Migration(migrations.Migration):
    dependencies = [("referrals", "0051_records_by_reference")]

    operations = [
        migrations.RunSQL(LAST.format(**each), NO_LAST.format(**each)) for each in NUMBERED
    ]
