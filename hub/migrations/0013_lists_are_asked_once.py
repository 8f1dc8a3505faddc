"""What is hidden or shown is asked once for a statement, not once more while it is planned.

PostgreSQL asks a stable function already when it plans, to reckon how many rows `unnest` of it gives. In a
sub-select of its own the list waits until the statement runs. For one to whom 5,000 episodes are shown, each
table of a statement was the dearer by 3 ms.
"""

from django.db import migrations

LIST = r"unnest\((hub_(hidden|shown)_\w+\(\))\)"
ONCE = r"unnest((SELECT \1))"
ASKED_ONCE = r"unnest\(\(\s*SELECT (hub_(hidden|shown)_\w+\(\))( AS \w+)?\)\)"

HUB_WALL = """
CREATE OR REPLACE FUNCTION hub_wall(walled regclass, seen text, written text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    shown text := {shown};
    added text := {added};
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', walled);
    EXECUTE format('CREATE POLICY owner ON %s TO %I USING (true) WITH CHECK (true)', walled, current_user);
    EXECUTE format('CREATE POLICY seen ON %s FOR SELECT USING (%s)', walled, shown);
    EXECUTE format('CREATE POLICY added ON %s FOR INSERT WITH CHECK (%s)', walled, added);
    EXECUTE format('CREATE POLICY changed ON %s FOR UPDATE USING (%s) WITH CHECK (%s)', walled, shown, added);
    PERFORM hub_app_may('SELECT, INSERT, UPDATE', walled);
END $$;
"""
# The tables that have their policies already, whatever room they are of.
EVERY = """
DO $do$
DECLARE
    p record;
BEGIN
    FOR p IN SELECT polname, polrelid::regclass AS walled, pg_get_expr(polqual, polrelid) AS seen,
            pg_get_expr(polwithcheck, polrelid) AS written
        FROM pg_policy WHERE coalesce(pg_get_expr(polqual, polrelid), '') ||
            coalesce(pg_get_expr(polwithcheck, polrelid), '') ~ $${was}$$
    LOOP
        EXECUTE format('ALTER POLICY %I ON %s ', p.polname, p.walled)
            || coalesce('USING (' || regexp_replace(p.seen, $${was}$$, $${becomes}$$, 'g') || ') ', '')
            || coalesce('WITH CHECK (' || regexp_replace(p.written, $${was}$$, $${becomes}$$, 'g') || ')', '');
    END LOOP;
END $do$;
"""
REWRITTEN = f"regexp_replace({{text}}, '{LIST}', '{ONCE}', 'g')"
NOW = HUB_WALL.format(
    shown=REWRITTEN.format(text="seen"), added=REWRITTEN.format(text="coalesce(written, seen)")
) + EVERY.format(was=LIST, becomes=ONCE)
BEFORE = HUB_WALL.format(shown="seen", added="coalesce(written, seen)") + EVERY.format(
    was=ASKED_ONCE, becomes=r"unnest(\1)"
)


class Migration(migrations.Migration):
    dependencies = [("hub", "0012_single_changes_are_quick")]

    operations = [migrations.RunSQL(NOW, BEFORE)]
