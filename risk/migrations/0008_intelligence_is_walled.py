"""The second wall of police intelligence: the police's, and what a handling code or a release lets out.

What is released is asked for by the owner, once for a statement: the policy of the one table may not ask the other,
whose policy asks it in turn. What a sharing agreement opens narrows these tables too.
"""

from django.db import migrations

# risk/intelligence/models.py says the same for the application.
RELEASED = """
CREATE FUNCTION risk_released_intelligence() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(log_id), '{}') FROM risk_intelligencerelease
    WHERE agency_id = hub_agency() AND partnership_id = hub_partnership() AND superseded_at IS NULL
$$;
"""
OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
ALL = "(SELECT hub_sees_all()) AND child_id NOT IN (SELECT unnest(hub_hidden_children()))"
SHOWN = "child_id IN (SELECT unnest(hub_shown_children()))"
CHILD = f"{OWN} AND (({ALL}) OR {SHOWN})"
POLICE = "(SELECT hub_sees_police())"
LET_OUT = (
    "superseded_at IS NULL AND ((handling = 'P' AND (SELECT hub_sees_all()))"
    " OR id IN (SELECT unnest(risk_released_intelligence())))"
)
THEIRS = "superseded_at IS NULL AND agency_id = (SELECT hub_agency())"
WRITTEN = f"{OWN} AND {ALL} AND (SELECT hub_may('intelligence.record'))"
WALLS = f"""
SELECT hub_wall('risk_intelligencelog', seen => $${CHILD} AND ({POLICE} OR ({LET_OUT}))$$, written => $${WRITTEN}$$);
SELECT hub_wall('risk_intelligencerelease', seen => $${CHILD} AND ({POLICE} OR ({THEIRS}))$$, written => $${WRITTEN}$$);
"""
TABLES = ("risk_intelligencelog", "risk_intelligencerelease")
KEPT = "".join(
    f"CREATE TRIGGER keep_facts BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION hub_keep_facts('{{}}');"
    f"SELECT hub_watch('{table}', 'kept');"
    for table in TABLES
)
NOT_KEPT = "".join(
    f"SELECT hub_unwatch('{table}'); DROP TRIGGER keep_facts ON {table};" for table in TABLES
)
AGREED = {
    "risk_risklevel": "episodes",
    "risk_review": "episodes",
    "risk_intelligencelog": "intelligence",
    "risk_intelligencerelease": "intelligence",
}


class Migration(migrations.Migration):
    dependencies = [
        ("risk", "0007_police_intelligence"),
        ("referrals", "0011_who_sees_a_child"),
        ("hub", "0014_the_wall_knows_the_agency"),
    ]

    operations = [
        migrations.RunSQL(RELEASED, "DROP FUNCTION risk_released_intelligence();"),
        migrations.RunSQL(WALLS, "".join(f"SELECT hub_no_wall('{table}');" for table in TABLES)),
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RunSQL(
            "".join(f"SELECT hub_agreed('{table}', '{category}');" for table, category in AGREED.items()),
            "".join(f"DROP POLICY agreed ON {table};" for table in AGREED),
        ),
    ]
