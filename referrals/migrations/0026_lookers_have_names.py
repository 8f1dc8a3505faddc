"""Who has looked: people by name, role and agency, and no content read but that of the page shown.

The two functions of 0019 ask the same as before and tell as little. Who looked is one aggregate by the index on `about`,
by person and day (of UTC); what a person is called, and as what they acted last, is read once for each. From these
numbers the caller knows on which days the page lies that is asked for, and asks for those alone.
"""

from importlib import import_module

from django.db import migrations

before = import_module("referrals.migrations.0019_who_has_looked")
TOLD = before.TOLD
DROP = """
DROP FUNCTION referrals_lookers(bigint, timestamptz, timestamptz);
DROP FUNCTION referrals_looks(bigint, bigint, timestamptz, timestamptz, integer, integer);
"""
DEFINED = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"
OWN_REASON = """CASE WHEN p.reason = '' OR p.agency_id IN (
            SELECT agency_id FROM partners_post WHERE user_id = hub_user() AND starts_on <= current_date
                AND (ends_on IS NULL OR ends_on >= current_date)
        ) THEN p.reason ELSE NULL END"""
NOW = f"""
CREATE FUNCTION referrals_looks(
    asked bigint, who bigint, from_at timestamptz, to_at timestamptz, skipped integer, most integer
) RETURNS TABLE (at timestamptz, name text, role text, agency text, verb text, event text, page text,
    reason text)
{DEFINED}
    WITH told AS MATERIALIZED (SELECT v.id, v.at {TOLD} AND (who IS NULL OR v.user_id = who)),
    paged AS MATERIALIZED (SELECT * FROM told ORDER BY at DESC, id DESC OFFSET skipped LIMIT most)
    SELECT p.at, coalesce(u.name, p.username), p.role, p.agency, p.verb, p.event, coalesce(p.after ->> 'page', ''),
        {OWN_REASON}
    FROM paged JOIN hub_auditevent p ON p.id = paged.id AND p.at = paged.at LEFT JOIN hub_user u ON u.id = p.user_id
    ORDER BY p.at DESC, p.id DESC
$$;
CREATE FUNCTION referrals_lookers(asked bigint, from_at timestamptz, to_at timestamptz)
RETURNS TABLE (user_id bigint, name text, role text, agency text, days date[], numbers bigint[])
{DEFINED}
    WITH counted AS MATERIALIZED (
        SELECT v.user_id, (v.at AT TIME ZONE 'UTC')::date AS day, count(*) AS number, max(v.id) AS last {TOLD}
        GROUP BY 1, 2
    ), each AS MATERIALIZED (
        SELECT c.user_id, array_agg(c.day) AS days, array_agg(c.number) AS numbers, max(c.last) AS last
        FROM counted c GROUP BY 1
    )
    SELECT e.user_id, coalesce(u.name, p.username), p.role, p.agency, e.days, e.numbers
    FROM each e JOIN hub_auditevent p ON p.id = e.last AND p.at >= from_at AND p.at < to_at
        LEFT JOIN hub_user u ON u.id = e.user_id
    ORDER BY 2, 1
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0025_nothing_is_put_under_a_hidden_child"),
        ("hub", "0014_the_wall_knows_the_agency"),
    ]

    operations = [migrations.RunSQL(DROP + NOW, DROP + before.LOOKS)]
