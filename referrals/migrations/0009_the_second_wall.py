"""The second wall of children, episodes and what hangs on them; what is shared, and what is hidden.

A service referral that was accepted and has not ended shows its child and episode with the service's workers
(referrals/support/models.py says the same for the application). Nothing is hidden yet from those who see all.
"""

from django.db import migrations

# They run as the owner, hence the search path: no temporary table of the caller's may stand in for one of these.
SHARED = """
CREATE OR REPLACE FUNCTION hub_shown_episodes() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT episode_id), '{}') FROM referrals_servicereferral
    WHERE hub_may('shared_cases.view') AND partnership_id = hub_partnership() AND service = ANY (hub_services())
        AND outcome = 'ACCEPTED' AND ended_on IS NULL AND superseded_at IS NULL
$$;
CREATE OR REPLACE FUNCTION hub_shown_children() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT child_id), '{}') FROM referrals_episode
    WHERE id = ANY (hub_shown_episodes())
$$;
"""
# A charity's worker must learn that an address is confidential, and not the address.
CONFIDENTIAL = """
CREATE FUNCTION referrals_shown_lives_confidentially(asked bigint, day date, known_at timestamptz)
RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT asked = ANY (hub_shown_children()) AND EXISTS (
        SELECT FROM referrals_address
        WHERE child_id = asked AND confidential AND from_date <= day
            AND (to_date IS NULL OR to_date > day OR to_known_from > known_at)
            AND (superseded_at IS NULL OR superseded_at > known_at)
            AND (known_at IS NULL OR known_from <= known_at)
    )
$$;
"""
NOT_CONFIDENTIAL = "DROP FUNCTION referrals_shown_lives_confidentially(bigint, date, timestamptz);"
NOTHING_SHARED = "".join(
    f"""
    CREATE OR REPLACE FUNCTION {name}() RETURNS bigint[] LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT '{{}}'::bigint[]
    $$;
    """
    for name in ("hub_shown_episodes", "hub_shown_children")
)

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
# Each list is asked for once and hashed; the shown ones only where a row is not seen already.
ALL = "(SELECT hub_sees_all()) AND {id} NOT IN (SELECT unnest(hub_hidden_{kind}()))"
SHOWN = "{id} IN (SELECT unnest(hub_shown_{kind}()))"

# Of which child or episode a row tells, and whether it is shown to a service that supports it.
TABLES = {
    "referrals_child": ("id", "children", SHOWN),
    "referrals_childdetails": ("child_id", "children", ""),
    "referrals_alias": ("child_id", "children", ""),
    "referrals_address": ("child_id", "children", SHOWN + " AND NOT confidential"),
    "referrals_carestatus": ("child_id", "children", ""),
    "referrals_missingepisode": ("child_id", "children", ""),
    "referrals_note": ("child_id", "children", ""),
    "referrals_persontocall": ("child_id", "children", ""),
    "referrals_episode": ("id", "episodes", SHOWN),
    "referrals_episodefact": ("episode_id", "episodes", SHOWN),
    "referrals_allocation": ("episode_id", "episodes", SHOWN + " AND lead"),
    "referrals_servicereferral": (
        "episode_id",
        "episodes",
        SHOWN + " AND service = ANY ((SELECT hub_services())::text[]) AND outcome = 'ACCEPTED'"
        " AND ended_on IS NULL AND superseded_at IS NULL",
    ),
}


def walled(table: str, column: str, kind: str, shown: str) -> str:
    written = ALL.format(id=column, kind=kind)
    seen = f"(({written}) OR ({shown.format(id=column, kind=kind)}))" if shown else f"({written})"
    return f"SELECT hub_wall('{table}', seen => $${OWN} AND {seen}$$, written => $${OWN} AND {written}$$);"


FILTERS = """
SELECT hub_wall('referrals_savedfilter', $$user_id = (SELECT hub_user())$$);
CREATE POLICY removed ON referrals_savedfilter FOR DELETE USING (user_id = (SELECT hub_user()));
SELECT hub_app_may('SELECT, INSERT, UPDATE, DELETE', 'referrals_savedfilter');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0008_open_episodes_in_every_order"),
        ("hub", "0009_the_second_wall"),
    ]

    operations = [
        migrations.RunSQL(SHARED, NOTHING_SHARED),
        migrations.RunSQL(CONFIDENTIAL, NOT_CONFIDENTIAL),
        migrations.RunSQL(
            "".join(walled(table, *how) for table, how in TABLES.items()) + FILTERS,
            "".join(
                f"SELECT hub_no_wall('{table}');" for table in (*TABLES, "referrals_savedfilter")
            ),
        ),
    ]
