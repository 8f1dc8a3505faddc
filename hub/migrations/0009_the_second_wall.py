"""The second wall: what its policies ask, how a table gets them, and those of the floor's own tables.

Written by hand (docs/decisions/0010-the-second-wall.md). The settings are told by hub/access/context.py and end
with the transaction; where none was told, every question here answers with nothing or no. Policies call each
function as `(SELECT f())`: once for a statement, not once for a row.

The functions of what is shared or hidden know no table yet: later rooms replace their bodies. They run as the
owner, which the policies let through, so that asking what is shared is not itself narrowed by what is shared.
"""

from django.db import migrations

ASKED = """
CREATE FUNCTION hub_told(setting text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('hub.' || setting, true), '')
$$;
CREATE FUNCTION hub_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT hub_told('user_id')::bigint
$$;
CREATE FUNCTION hub_partnership() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(hub_told('partnership_id'), '*')::bigint
$$;
-- The command line and timed work alone.
CREATE FUNCTION hub_every_partnership() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT hub_told('partnership_id') IS NOT DISTINCT FROM '*'
$$;
CREATE FUNCTION hub_may(permission text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(permission = ANY (string_to_array(hub_told('permissions'), ',')), false)
$$;
CREATE FUNCTION hub_services() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_to_array(hub_told('services'), ','), '{}')
$$;
CREATE FUNCTION hub_for(purpose text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT hub_told('purpose') IS NOT DISTINCT FROM purpose
$$;
CREATE FUNCTION hub_sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT hub_may('cases.view') OR hub_for('report')
$$;
CREATE FUNCTION hub_sees_police() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT hub_may('police_records.view') OR hub_for('report')
$$;
"""

SHARED_OR_HIDDEN = """
CREATE FUNCTION {name}() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT '{{}}'::bigint[]
$$;
"""
ARRAYS = ("hub_shown_children", "hub_shown_episodes", "hub_hidden_children", "hub_hidden_episodes")

# A later room's migration says `SELECT hub_wall('table', seen => ..., written => ...)`, and may add a policy and a
# right for DELETE. Without `written`, what may be seen may be written. FORCE: the owner is bound too, by a policy
# of its own. `hub_app` is the application's role wherever the hub runs (docs/operations.md); a developer's database
# may lack it.
WALL = """
CREATE FUNCTION hub_app_may(rights text, asked regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hub_app') THEN
        EXECUTE format('REVOKE ALL ON %s FROM hub_app', asked);
        EXECUTE format('GRANT %s ON %s TO hub_app', rights, asked);
    END IF;
END $$;
CREATE FUNCTION hub_wall(walled regclass, seen text, written text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', walled);
    EXECUTE format('CREATE POLICY owner ON %s TO %I USING (true) WITH CHECK (true)', walled, current_user);
    EXECUTE format('CREATE POLICY seen ON %s FOR SELECT USING (%s)', walled, seen);
    EXECUTE format('CREATE POLICY added ON %s FOR INSERT WITH CHECK (%s)', walled, coalesce(written, seen));
    EXECUTE format('CREATE POLICY changed ON %s FOR UPDATE USING (%s) WITH CHECK (%s)',
        walled, seen, coalesce(written, seen));
    PERFORM hub_app_may('SELECT, INSERT, UPDATE', walled);
END $$;
CREATE FUNCTION hub_no_wall(walled regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', walled);
    FOR name IN SELECT polname FROM pg_policy WHERE polrelid = walled LOOP
        EXECUTE format('DROP POLICY %I ON %s', name, walled);
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION hub_app_may(text, regclass), hub_wall(regclass, text, text), hub_no_wall(regclass)
    FROM PUBLIC;
"""

# What one has typed, sent or chosen is one's own. Timed work removes what is past its time.
OWN = """
SELECT hub_wall('hub_draft', $$owner_id = (SELECT hub_user()) OR (SELECT hub_for('upkeep'))$$);
CREATE POLICY removed ON hub_draft FOR DELETE
    USING (owner_id = (SELECT hub_user()) OR (SELECT hub_for('upkeep')));
SELECT hub_wall('hub_sentform', $$owner_id = (SELECT hub_user()) OR (SELECT hub_for('upkeep'))$$);
CREATE POLICY removed ON hub_sentform FOR DELETE
    USING (owner_id = (SELECT hub_user()) OR (SELECT hub_for('upkeep')));
SELECT hub_wall('hub_preferences', $$user_id = (SELECT hub_user())$$);
"""

# Nobody writes an event in another's name. The trail's auditors read those of their partnership.
TRAIL = """
SELECT hub_wall(
    'hub_auditevent',
    seen => $$user_id = (SELECT hub_user()) OR ((SELECT hub_may('trail.read'))
        AND (partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership())))$$,
    written => $$user_id = (SELECT hub_user())$$
);
"""

# The application's role deletes nothing but rows of its own housekeeping, and keeps off Django's own lists.
RIGHTS = """
SELECT hub_app_may('SELECT, INSERT, UPDATE, DELETE', name::regclass)
    FROM unnest(ARRAY['hub_draft', 'hub_sentform', 'django_session']) AS name;
SELECT hub_app_may('SELECT, INSERT, UPDATE', name::regclass)
    FROM unnest(ARRAY['hub_user', 'hub_heartbeat', 'hub_factsource']) AS name;
SELECT hub_app_may('SELECT, INSERT', 'hub_auditevent');
SELECT hub_app_may('SELECT', name::regclass)
    FROM unnest(ARRAY['django_migrations', 'django_content_type', 'auth_permission', 'auth_group',
        'auth_group_permissions']) AS name;
"""
OWNED = ("hub_draft", "hub_sentform", "hub_preferences", "hub_auditevent")
NAMES = (
    "hub_wall(regclass, text, text)", "hub_no_wall(regclass)", "hub_app_may(text, regclass)",
    *(f"{name}()" for name in ARRAYS),
    "hub_sees_police()", "hub_sees_all()", "hub_for(text)", "hub_services()", "hub_may(text)",
    "hub_every_partnership()", "hub_partnership()", "hub_user()", "hub_told(text)",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("hub", "0008_changes_are_caught"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            ASKED + "".join(SHARED_OR_HIDDEN.format(name=name) for name in ARRAYS),
            "".join(f"DROP FUNCTION {name};" for name in NAMES[3:]),
        ),
        migrations.RunSQL(WALL, "".join(f"DROP FUNCTION {name};" for name in NAMES[:3])),
        migrations.RunSQL(
            OWN + TRAIL, "".join(f"SELECT hub_no_wall('{table}');" for table in OWNED)
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
