"""Finding children by index where row security stands.

PostgreSQL asks a policy before it asks a search of words or of beginnings, for such a search might tell of rows that
it rejects; so no index serves it, and each search would read the whole table. These functions search as the owner
and give the numbers of children alone, to those who see whole cases, after asking themselves what the policies ask.
Who is merely shown some children searches those few through the policies. Whoever the policies do not bind (the owner, in migrations and tests) is not narrowed here either: `visible_to` does that.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION {name}(asked {kind}) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    bound boolean := 'hub_app' IN (session_user, current_setting('role', true));
    everywhere boolean := NOT bound OR hub_every_partnership();
    ours bigint := hub_partnership();
    hidden bigint[] := CASE WHEN bound THEN hub_hidden_children() ELSE '{{}}' END;
BEGIN
    IF bound AND NOT hub_sees_all() THEN
        RETURN '{{}}';
    END IF;
    RETURN (
        SELECT coalesce(array_agg(found.child_id), '{{}}') FROM ({found}) found
        WHERE (everywhere OR found.partnership_id = ours) AND found.child_id <> ALL (hidden)
    );
END $$;
"""
CALLED = """
    SELECT id AS child_id, partnership_id FROM referrals_child
    WHERE referrals_name_parts(forenames, surname) @@ asked
"""
ALSO_CALLED = """
    SELECT child_id, partnership_id FROM referrals_alias
    WHERE superseded_at IS NULL AND referrals_name_parts(name, '') @@ asked
"""
BEARING = r"""
    SELECT id AS child_id, partnership_id FROM referrals_child
    WHERE upper(reference) LIKE replace(replace(replace(asked, '\', '\\'), '%', '\%'), '_', '\_') || '%'
    UNION SELECT child_id, partnership_id FROM referrals_episode
    WHERE upper(reference) LIKE replace(replace(replace(asked, '\', '\\'), '%', '\%'), '_', '\_') || '%'
"""
FUNCTIONS = {
    "referrals_children_called": ("tsquery", CALLED),
    "referrals_children_also_called": ("tsquery", ALSO_CALLED),
    "referrals_children_bearing": ("text", BEARING),
}


class Migration(migrations.Migration):
    dependencies = [("referrals", "0012_grants_are_watched")]

    operations = [
        migrations.RunSQL(
            FUNCTION.format(name=name, kind=kind, found=found), f"DROP FUNCTION {name}({kind});"
        )
        for name, (kind, found) in FUNCTIONS.items()
    ]
