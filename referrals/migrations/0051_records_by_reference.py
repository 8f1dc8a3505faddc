"""A child's records by whichever of them is asked, for one who works by reference: the kept one first.

A joining is there for whoever is shown both records; where one of them is hidden the other is read by itself.
"""

from django.db import migrations

READ = """
CREATE FUNCTION referrals_records_by_reference(asked bigint) RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH own AS (SELECT r.id FROM referrals_by_reference(ARRAY[asked], '') r),
    kept AS (
        SELECT coalesce((
            SELECT j.kept_id FROM referrals_joining j
            WHERE j.child_id = o.id AND j.superseded_at IS NULL
                AND EXISTS (SELECT FROM referrals_by_reference(ARRAY[j.kept_id], ''))), o.id) AS id
        FROM own o)
    SELECT coalesce((SELECT k.id || ARRAY(
        SELECT j.child_id FROM referrals_joining j
        WHERE j.kept_id = k.id AND j.superseded_at IS NULL
            AND EXISTS (SELECT FROM referrals_by_reference(ARRAY[j.child_id], ''))
        ORDER BY j.known_from, j.id) FROM kept k), '{}')
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0050_all_keys_in_one_pass")]

    operations = [
        migrations.RunSQL(READ, "DROP FUNCTION referrals_records_by_reference(bigint);")
    ]
