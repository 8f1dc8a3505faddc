"""Which children are hidden from a person, as the application asks it once in each request.

`RestrictionQuerySet.hidden_from` says the same. A function's statement is planned once for each connection. It runs as
whoever calls it: what the policies themselves go by is `hub_hidden_children`, which knows no argument.
"""

from django.db import migrations

HIDDEN = """
CREATE FUNCTION referrals_hidden_from(who bigint) RETURNS bigint[] LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT r.child_id FROM referrals_restriction r
        WHERE r.superseded_at IS NULL AND r.to_date IS NULL
            AND (r.person_id = who OR (r.kind = 'named' AND NOT EXISTS (
                SELECT FROM referrals_persongrant g
                WHERE g.user_id = who AND g.child_id = r.child_id AND g.ended_at IS NULL
                    AND (g.expires_at IS NULL OR g.expires_at > statement_timestamp())))));
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0026_lookers_have_names")]

    operations = [migrations.RunSQL(HIDDEN, "DROP FUNCTION referrals_hidden_from(bigint);")]
