"""Whoever acts without a post sees of the trail what their own transaction wrote, and no source of facts.

The holder of a one-time link acts under the operator's number: by that alone they would have read every event
that the command line and the timed work ever wrote, of every partnership.
"""

from django.db import migrations

STANDS = """
CREATE FUNCTION hub_stands() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT hub_told('permissions') IS NOT NULL
$$;
CREATE POLICY seen_in_post ON hub_auditevent AS RESTRICTIVE FOR SELECT USING (
    (SELECT current_user <> 'hub_app') OR (SELECT hub_stands())
    OR transaction = (SELECT pg_current_xact_id_if_assigned()::text::bigint)
);
CREATE FUNCTION hub_wall_in_post(walled regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    asked text := $a$((SELECT current_user <> 'hub_app') OR (SELECT hub_stands()))$a$;
BEGIN
    EXECUTE format('CREATE POLICY seen_in_post ON %s AS RESTRICTIVE FOR SELECT USING %s', walled, asked);
    EXECUTE format('CREATE POLICY added_in_post ON %s AS RESTRICTIVE FOR INSERT WITH CHECK %s', walled, asked);
    EXECUTE format('CREATE POLICY changed_in_post ON %s AS RESTRICTIVE FOR UPDATE USING %s', walled, asked);
END $$;
REVOKE EXECUTE ON FUNCTION hub_wall_in_post(regclass) FROM PUBLIC;
SELECT hub_wall_in_post('hub_factsource');
"""
GONE = """
DROP POLICY seen_in_post ON hub_factsource;
DROP POLICY added_in_post ON hub_factsource;
DROP POLICY changed_in_post ON hub_factsource;
DROP POLICY seen_in_post ON hub_auditevent;
DROP FUNCTION hub_wall_in_post(regclass), hub_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("hub", "0020_where_people_live")]

    operations = [migrations.RunSQL(STANDS, GONE)]
