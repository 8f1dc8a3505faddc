"""The second wall of joinings, for whoever sees both records; and one step from any record to the kept one.

The trigger runs as the owner: it knows also of the joinings that are hidden from who writes.
"""

from django.db import migrations

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
ALL = """(SELECT hub_sees_all()) AND child_id NOT IN (SELECT unnest((SELECT hub_hidden_children())))
    AND kept_id NOT IN (SELECT unnest((SELECT hub_hidden_children())))"""
SHOWN = """child_id IN (SELECT unnest((SELECT hub_shown_children())))
    AND kept_id IN (SELECT unnest((SELECT hub_shown_children())))"""
WALL = f"""
SELECT hub_wall('referrals_joining', seen => $${OWN} AND (({ALL}) OR ({SHOWN}))$$, written => $${OWN} AND {ALL}$$);
CREATE TRIGGER keep_facts BEFORE UPDATE OR DELETE ON referrals_joining
    FOR EACH ROW EXECUTE FUNCTION hub_keep_facts('{{}}');
CREATE FUNCTION referrals_one_step() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM referrals_joining
        WHERE superseded_at IS NULL AND (child_id = NEW.kept_id OR kept_id = NEW.child_id)) THEN
        RAISE EXCEPTION 'a record is not joined to one that is joined itself'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER one_step BEFORE INSERT ON referrals_joining
    FOR EACH ROW EXECUTE FUNCTION referrals_one_step();
SELECT hub_watch('referrals_joining', 'kept');
"""
NO_WALL = """
SELECT hub_unwatch('referrals_joining');
DROP TRIGGER one_step ON referrals_joining;
DROP FUNCTION referrals_one_step();
DROP TRIGGER keep_facts ON referrals_joining;
SELECT hub_no_wall('referrals_joining');
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0044_joinings")]

    operations = [migrations.RunSQL(WALL, NO_WALL)]
