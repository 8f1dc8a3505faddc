"""Who has looked at a child, for whoever says who sees it: the trail's own wall shows it to auditors alone.

The functions run as the owner, so they ask themselves what both walls ask: the child is of the asker's
partnership and not hidden from them, and they manage all grants or lead that child. They give no content, and the
reason of an act to its own agency alone. Who searches the trail, and who hides a record, is not told here.
Whoever the policies do not bind (the owner, in migrations and tests) is not narrowed; the page's door does that.
"""

from django.db import migrations

MAY = """
CREATE FUNCTION referrals_may_ask_who_looked(asked bigint) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT 'hub_app' NOT IN (session_user, current_setting('role', true)) OR EXISTS (
        SELECT FROM referrals_child c
        WHERE c.id = asked AND (c.partnership_id = hub_partnership() OR hub_every_partnership())
            AND hub_may('cases.view') AND c.id <> ALL (hub_hidden_children())
            AND (hub_may('grants.manage') OR (hub_may('grants.manage_led') AND EXISTS (
                SELECT FROM referrals_allocation a
                JOIN referrals_episode e ON e.id = a.episode_id
                JOIN hub_user u ON u.username = a.worker
                WHERE e.child_id = c.id AND u.id = hub_user()
                    AND a.lead AND a.to_date IS NULL AND a.superseded_at IS NULL))))
$$;
"""
TOLD = """
    FROM referrals_child c
    JOIN hub_auditevent v ON v.about @> ARRAY[c.reference]::varchar[] AND v.partnership_id = c.partnership_id
    WHERE c.id = asked AND referrals_may_ask_who_looked(asked) AND v.at >= from_at AND v.at < to_at
        AND v.role NOT IN ('auditor', 'operator', 'system_administrator')
        AND v.event NOT IN ('child.restricted', 'child.person_shut_out', 'child.restriction_lifted')
"""
LOOKS = f"""
CREATE FUNCTION referrals_looks(
    asked bigint, who bigint, from_at timestamptz, to_at timestamptz, skipped integer, most integer
) RETURNS TABLE (at timestamptz, username text, role text, agency text, verb text, event text, page text,
    reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH told AS MATERIALIZED (
        SELECT v.* {TOLD} AND (who IS NULL OR v.user_id = who)
    ), paged AS (SELECT * FROM told ORDER BY at DESC, id DESC OFFSET skipped LIMIT most)
    SELECT p.at, p.username, p.role, p.agency, p.verb, p.event, coalesce(p.after ->> 'page', ''),
        CASE WHEN p.reason = '' OR p.agency_id IN (
            SELECT agency_id FROM partners_post WHERE user_id = hub_user() AND starts_on <= current_date
                AND (ends_on IS NULL OR ends_on >= current_date)
        ) THEN p.reason ELSE NULL END
    FROM paged p ORDER BY p.at DESC, p.id DESC
$$;
CREATE FUNCTION referrals_lookers(asked bigint, from_at timestamptz, to_at timestamptz)
RETURNS TABLE (user_id bigint, username text, times bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH told AS MATERIALIZED (SELECT v.user_id, v.username {TOLD})
    SELECT t.user_id, max(t.username), count(*) FROM told t GROUP BY t.user_id ORDER BY 2
$$;
"""
BACK = """
DROP FUNCTION referrals_lookers(bigint, timestamptz, timestamptz);
DROP FUNCTION referrals_looks(bigint, bigint, timestamptz, timestamptz, integer, integer);
DROP FUNCTION referrals_may_ask_who_looked(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0018_agreements_narrow"), ("partners", "0005_sharing_agreements")]

    operations = [migrations.RunSQL(MAY + LOOKS, BACK)]
