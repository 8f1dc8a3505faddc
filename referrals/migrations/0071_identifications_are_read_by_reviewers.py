"""Who reviews access reads every identification, with the child's reference that the database itself writes.

A reviewer reads no row of a child; who adds an identification reads none either, so its reference comes from the
owner's function, whatever was sent. A review is in one's own name, once, and never of one's own.
"""

from django.db import migrations

NAMED = """
CREATE FUNCTION referrals_name_identified() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.record := (SELECT reference FROM referrals_child WHERE id = NEW.child_id);
    RETURN NEW;
END $$;
CREATE TRIGGER name_identified BEFORE INSERT ON referrals_identification
    FOR EACH ROW EXECUTE FUNCTION referrals_name_identified();
UPDATE referrals_identification i SET record = c.reference FROM referrals_child c WHERE c.id = i.child_id;
"""
NOT_NAMED = """
DROP TRIGGER name_identified ON referrals_identification;
DROP FUNCTION referrals_name_identified();
"""

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
MINE = (
    f"{OWN} AND (SELECT hub_may('cases.by_reference')) AND person_id = (SELECT hub_user())"
    " AND child_id NOT IN (SELECT unnest((SELECT hub_hidden_children())))"
)
REVIEWERS = "(SELECT hub_may('access.review'))"
WALL = f"""
ALTER POLICY seen ON referrals_identification USING ({MINE} OR {OWN} AND {REVIEWERS});
SELECT hub_wall('referrals_identificationreview', seen => $${OWN} AND {REVIEWERS}$$,
    written => $${OWN} AND {REVIEWERS} AND reviewed_by_id = (SELECT hub_user()) AND EXISTS (
        SELECT FROM referrals_identification i WHERE i.id = access_id AND i.person_id <> (SELECT hub_user())
            AND i.partnership_id = referrals_identificationreview.partnership_id)$$);
SELECT hub_app_may('SELECT, INSERT', 'referrals_identificationreview');
CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON referrals_identificationreview
    FOR EACH ROW EXECUTE FUNCTION hub_keep_trail();
SELECT hub_watch('referrals_identificationreview', 'plain');
"""
NO_WALL = f"""
SELECT hub_unwatch('referrals_identificationreview');
DROP TRIGGER keep_rows ON referrals_identificationreview;
SELECT hub_no_wall('referrals_identificationreview');
ALTER POLICY seen ON referrals_identification USING ({MINE});
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0070_identifications_are_reviewed")]

    operations = [migrations.RunSQL(NAMED, NOT_NAMED), migrations.RunSQL(WALL, NO_WALL)]
