"""An episode bears its child's day of birth and reference, so that a caseload is sorted and found by them alone.

Joined to the children, a list of nine thousand open episodes read the hundred and sixty thousand children of
the hub. The database keeps both columns: nobody writes them.
"""

from django.db import migrations, models
from django.db.models import Q

KEPT = """
CREATE FUNCTION referrals_bear_child() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    SELECT c.date_of_birth, c.reference INTO NEW.child_born, NEW.child_reference
    FROM referrals_child c WHERE c.id = NEW.child_id AND c.partnership_id = NEW.partnership_id;
    RETURN NEW;
END $$;
CREATE TRIGGER bear_child BEFORE INSERT OR UPDATE OF child_id, child_born, child_reference ON referrals_episode
    FOR EACH ROW EXECUTE FUNCTION referrals_bear_child();
CREATE FUNCTION referrals_bear_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE referrals_episode e SET child_born = c.date_of_birth
    FROM changed c JOIN before b USING (id)
    WHERE e.child_id = c.id
        AND (c.date_of_birth, c.reference) IS DISTINCT FROM (b.date_of_birth, b.reference);
    RETURN NULL;
END $$;
CREATE TRIGGER bear_changed AFTER UPDATE ON referrals_child REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION referrals_bear_changed();
REVOKE ALL ON FUNCTION referrals_bear_child(), referrals_bear_changed() FROM PUBLIC;
-- It is no deed of anybody's: the trail of changes does not tell of it.
ALTER TABLE referrals_episode DISABLE TRIGGER USER;
UPDATE referrals_episode e SET child_born = c.date_of_birth, child_reference = c.reference
FROM referrals_child c WHERE c.id = e.child_id;
ALTER TABLE referrals_episode ENABLE TRIGGER USER;
"""
NOT_KEPT = """
DROP TRIGGER bear_changed ON referrals_child;
DROP FUNCTION referrals_bear_changed();
DROP TRIGGER bear_child ON referrals_episode;
DROP FUNCTION referrals_bear_child();
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0076_who_is_still_to_be_told")]

    operations = [
        migrations.AddField("episode", "child_born", models.DateField(editable=False, null=True)),
        migrations.AddField(
            "episode",
            "child_reference",
            models.CharField(db_default="", default="", editable=False, max_length=60),
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RemoveIndex("episode", "referrals_episode_open"),
        migrations.AddIndex(
            "episode",
            models.Index(
                condition=Q(closed_on__isnull=True),
                fields=["partnership", "review_due_on", "id"],
                include=(
                    *("level", "level_set_on", "referred_on", "lead_worker", "reference", "child"),
                    *("child_born", "child_reference"),
                ),
                name="referrals_episode_open",
            ),
        ),
    ]
