"""By a one-time link nobody reads what is the operator's: of the trail what their own transaction wrote alone.

A link's holder, and a stranger who asks for one, act under the operator's number. By that alone they would have
read every event that the command line and the timed work ever wrote, of every partnership.
"""

from django.db import migrations

APART = """
CREATE FUNCTION hub_by_link() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT hub_told('link') IS NOT NULL OR hub_for('link')
$$;
CREATE FUNCTION hub_not_by_link(walled regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    apart text := 'CREATE POLICY %s_apart ON %s AS RESTRICTIVE FOR %s TO hub_app %s (NOT (SELECT hub_by_link()))';
BEGIN
    EXECUTE format(apart, 'seen', walled, 'SELECT', 'USING');
    EXECUTE format(apart, 'added', walled, 'INSERT', 'WITH CHECK');
    EXECUTE format(apart, 'changed', walled, 'UPDATE', 'USING');
    EXECUTE format(apart, 'removed', walled, 'DELETE', 'USING');
END $$;
REVOKE EXECUTE ON FUNCTION hub_not_by_link(regclass) FROM PUBLIC;
SELECT hub_not_by_link(name::regclass) FROM unnest(ARRAY['hub_factsource', 'hub_draft', 'hub_preferences']) AS name;
CREATE POLICY seen_apart ON hub_auditevent AS RESTRICTIVE FOR SELECT TO hub_app USING (
    NOT (SELECT hub_by_link()) OR transaction = (SELECT pg_current_xact_id_if_assigned()::text::bigint)
);
"""
NAMES = ("seen_apart", "added_apart", "changed_apart", "removed_apart")
TOGETHER = "".join(
    f"DROP POLICY {name} ON {table};\n"
    for table in ("hub_factsource", "hub_draft", "hub_preferences")
    for name in NAMES
)
GONE = "DROP FUNCTION hub_not_by_link(regclass), hub_by_link();"


class Migration(migrations.Migration):
    dependencies = [("hub", "0020_where_people_live"), ("partners", "0003_the_second_wall")]

    operations = [
        migrations.RunSQL(APART, TOGETHER + "DROP POLICY seen_apart ON hub_auditevent;" + GONE)
    ]
