"""Who may be the one is found by reading a third of the rows in a large hub, and in less time for each row.

A common name is common by its sound, its beginning and its end alike: three times the same children. Where a day of
birth is known, of such a name its sound alone is read, and weighs for the other two. How common a key is is asked by
counting to a thousand at most. Each key's children come as one list, whose length says how much the key tells.
"""

from importlib import import_module

from django.db import migrations

before = import_module("referrals.migrations.0038_keys_are_kept")

ALIKE = """
CREATE OR REPLACE FUNCTION
    referrals_alike(names text[], born date, numbers text[], ours bigint, most integer) RETURNS bigint[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
    common CONSTANT bigint := 1000;
    keys bigint[];
    weights float[];
BEGIN
    WITH asked AS MATERIALIZED (
        SELECT DISTINCT part, left(k.key, 1) AS kind, hashtextextended(k.key, 0) AS key
        FROM unnest(names) n, unnest(string_to_array(referrals_plain(n), ' ')) part, referrals_keys_of_name(part) k(key)
    ), read AS MATERIALIZED (
        SELECT a.part, a.key, a.kind = 's' OR born IS NULL OR (
            SELECT count(*) FROM (
                SELECT FROM referrals_matchkey m WHERE m.key = a.key AND m.partnership_id = ours LIMIT common) c
            ) < common AS kept, a.kind
        FROM asked a
    )
    SELECT array_agg(w.key), array_agg(w.weight) INTO keys, weights FROM (
        SELECT r.key, max(0.5 + CASE WHEN r.kind = 's' THEN 0.5 * (
            SELECT count(*) FROM read o WHERE o.part = r.part AND NOT o.kept) ELSE 0 END)::float AS weight
        FROM read r WHERE r.kept GROUP BY r.key
        UNION ALL SELECT hashtextextended(k.key, 0), 1::float FROM referrals_keys_of_birth(born) k(key)
        UNION ALL SELECT DISTINCT hashtextextended(number, 0), 10::float FROM unnest(numbers) number
    ) w;
    RETURN ARRAY(
        SELECT c.child FROM unnest(keys, weights) a(key, weight)
        CROSS JOIN LATERAL (
            SELECT array_agg(m.child_id) AS children FROM referrals_matchkey m
            WHERE m.key = a.key AND m.partnership_id = ours) h
        CROSS JOIN LATERAL (SELECT a.weight * ln(1000000::float / cardinality(h.children)) AS told OFFSET 0) t
        CROSS JOIN LATERAL unnest(h.children) c(child)
        GROUP BY c.child ORDER BY sum(t.told) DESC, c.child LIMIT most);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0073_a_charity_writes_notes")]

    operations = [
        migrations.RunSQL(ALIKE, before.ALIKE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    ]
