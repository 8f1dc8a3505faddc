"""The second wall asks for which agency somebody acts, and what its sharing agreement in force opens.

A contribution's marking names agencies. An agreement narrows what a grant shows: a policy of its own kind, which
must hold besides those that show a row, so that it need not know them. It binds `hub_app` alone: what runs as the
owner asks on everybody's behalf.
"""

from django.db import migrations

AGENCY = """
CREATE FUNCTION hub_agency() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT hub_told('agency_id')::bigint
$$;
"""
AGREED = """
CREATE FUNCTION hub_shares(category text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(category = ANY (string_to_array(hub_told('categories'), ',')), false)
$$;
CREATE FUNCTION hub_agreed(walled regclass, category text, besides text DEFAULT 'false') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE POLICY agreed ON %s AS RESTRICTIVE FOR SELECT USING ((SELECT current_user <> ''hub_app'')'
        ' OR (SELECT hub_sees_all()) OR (SELECT hub_shares(%L)) OR %s)', walled, category, besides);
END $$;
REVOKE EXECUTE ON FUNCTION hub_agreed(regclass, text, text) FROM PUBLIC;
"""
NOT_AGREED = "DROP FUNCTION hub_agreed(regclass, text, text); DROP FUNCTION hub_shares(text);"


class Migration(migrations.Migration):
    dependencies = [("hub", "0013_lists_are_asked_once")]

    operations = [
        migrations.RunSQL(AGENCY, "DROP FUNCTION hub_agency();"),
        migrations.RunSQL(AGREED, NOT_AGREED),
    ]
