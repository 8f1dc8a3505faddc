"""What sharing agreements open is asked of the application's role alone, and not of the owner's functions.

The policy says so already, by `current_user`; but while it stands in the owner's way too, PostgreSQL asks it before
anything else, and no index of words or beginnings serves the owner's own searches (a policy that is always true is none).
A database without the role keeps the policy as it is.
"""

from django.db import migrations

HUB_AGREED = """
CREATE OR REPLACE FUNCTION hub_agreed(walled regclass, category text, besides text DEFAULT 'false') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE POLICY agreed ON %s AS RESTRICTIVE FOR SELECT USING ((SELECT current_user <> ''hub_app'')'
        ' OR (SELECT hub_sees_all()) OR (SELECT hub_shares(%L)) OR %s)', walled, category, besides);
    {bound}
END $$;
"""
BOUND = """IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hub_app') THEN
        EXECUTE format('ALTER POLICY agreed ON %s TO hub_app', walled);
    END IF;"""
# The tables that have the policy already, whatever room they are of.
EVERY = """
DO $do$
DECLARE
    walled regclass;
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hub_app') THEN
        FOR walled IN SELECT polrelid FROM pg_policy WHERE polname = 'agreed' LOOP
            EXECUTE format('ALTER POLICY agreed ON %s TO {who}', walled);
        END LOOP;
    END IF;
END $do$;
"""


class Migration(migrations.Migration):
    dependencies = [("hub", "0014_the_wall_knows_the_agency")]

    operations = [
        migrations.RunSQL(HUB_AGREED.format(bound=BOUND), HUB_AGREED.format(bound="")),
        migrations.RunSQL(EVERY.format(who="hub_app"), EVERY.format(who="PUBLIC")),
    ]
