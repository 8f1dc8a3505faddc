"""Children by reference, and who one of them is while somebody has opened that with a reason.

Row security hides rows and no columns. So one who works by reference is shown no row of a case at all; these
functions, which run as the owner, ask what the policies would and give the columns that name nobody. No purpose
of the system opens them, only the right. Names and the rest come for one child while it is open.
"""

from django.db import migrations

DEFINED = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"
ASKED = f"""
CREATE FUNCTION referrals_by_reference(asked bigint[], bearing text)
RETURNS TABLE (id bigint, partnership_id bigint, reference varchar) {DEFINED}
    SELECT c.id, c.partnership_id, c.reference FROM referrals_child c
    WHERE hub_may('cases.by_reference') AND c.partnership_id = hub_partnership()
        AND c.id <> ALL ((SELECT hub_hidden_children())::bigint[])
        AND c.id = ANY (asked || ARRAY(
            SELECT o.id FROM referrals_child o
            WHERE bearing <> '' AND upper(o.reference) = upper(bearing) AND o.partnership_id = hub_partnership()
            UNION SELECT e.child_id FROM referrals_episode e
            WHERE bearing <> '' AND upper(e.reference) = upper(bearing) AND e.partnership_id = hub_partnership()))
    ORDER BY c.id
$$;
CREATE FUNCTION referrals_identity(asked bigint) RETURNS text {DEFINED}
    SELECT json_build_object(
        'name', c.forenames || ' ' || c.surname,
        'born', c.date_of_birth,
        'other_names', ARRAY(SELECT a.name FROM referrals_alias a
            WHERE a.child_id = c.id AND a.superseded_at IS NULL ORDER BY a.position, a.id),
        'lives_at', coalesce((SELECT CASE WHEN a.confidential THEN 'Confidential'
                ELSE concat_ws(', ', nullif(a.line, ''), nullif(a.postcode, '')) END
            FROM referrals_address a WHERE a.child_id = c.id AND a.superseded_at IS NULL
                AND a.from_date <= current_date AND (a.to_date IS NULL OR a.to_date > current_date)
            ORDER BY a.confidential DESC, a.from_date DESC, a.position DESC, a.id DESC LIMIT 1), ''),
        'nhs_number', coalesce(d.nhs_number, ''),
        'upn', coalesce(d.upn, ''))::text
    FROM referrals_child c LEFT JOIN LATERAL (
        SELECT * FROM referrals_childdetails t WHERE t.child_id = c.id AND t.superseded_at IS NULL
        ORDER BY t.position DESC, t.id DESC LIMIT 1) d ON true
    WHERE c.id IN (SELECT r.id FROM referrals_by_reference(ARRAY[asked], '') r) AND EXISTS (
        SELECT FROM referrals_identification i WHERE i.child_id = c.id AND i.person_id = hub_user()
            AND i.ended_at IS NULL AND i.ends_at > statement_timestamp())
$$;
"""

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
MINE = (
    f"{OWN} AND (SELECT hub_may('cases.by_reference')) AND person_id = (SELECT hub_user())"
    " AND child_id NOT IN (SELECT unnest((SELECT hub_hidden_children())))"
)
# What has ended stays so, and nothing is opened for longer than an hour from now.
WALL = f"""
SELECT hub_wall('referrals_identification', seen => $${MINE}$$,
    written => $${MINE} AND ends_at <= clock_timestamp() + interval '1 hour'$$);
SELECT hub_app_may('SELECT, INSERT, UPDATE (ended_at)', 'referrals_identification');
ALTER POLICY changed ON referrals_identification USING ({MINE} AND ended_at IS NULL);
"""
BACK = """
SELECT hub_no_wall('referrals_identification');
DROP FUNCTION referrals_identity(bigint);
DROP FUNCTION referrals_by_reference(bigint[], text);
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0030_identifications"), ("hub", "0013_lists_are_asked_once")]

    operations = [
        migrations.RunSQL(ASKED + WALL, BACK),
        migrations.RunSQL(
            "SELECT hub_watch('referrals_identification', 'plain');",
            "SELECT hub_unwatch('referrals_identification');",
        ),
    ]
