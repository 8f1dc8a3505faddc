"""A referral bears when its referrer was first told, so that those still to be told are found by an index.

Without it each look at one's own work asked, of every referral that ever came, whether there is feedback on it.
"""

from django.db import migrations, models
from django.db.models import Q

KEPT = """
CREATE FUNCTION referrals_note_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE referrals_referral SET told_at = NEW.recorded_at
    WHERE id = NEW.referral_id AND partnership_id = NEW.partnership_id AND told_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER note_told AFTER INSERT ON referrals_referralfeedback
    FOR EACH ROW EXECUTE FUNCTION referrals_note_told();
REVOKE ALL ON FUNCTION referrals_note_told() FROM PUBLIC;
-- Whoever acts in the application writes no such moment, on no referral: what they give is passed over.
CREATE FUNCTION referrals_keep_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'hub_app' THEN
        NEW.told_at := CASE TG_OP WHEN 'UPDATE' THEN OLD.told_at END;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_told BEFORE INSERT OR UPDATE OF told_at ON referrals_referral
    FOR EACH ROW EXECUTE FUNCTION referrals_keep_told();
-- It is no deed of anybody's: the trail of changes does not tell of it.
ALTER TABLE referrals_referral DISABLE TRIGGER USER;
UPDATE referrals_referral r SET told_at = f.first FROM (
    SELECT referral_id, min(recorded_at) AS first FROM referrals_referralfeedback GROUP BY referral_id) f
WHERE f.referral_id = r.id;
ALTER TABLE referrals_referral ENABLE TRIGGER USER;
"""
NOT_KEPT = """
DROP TRIGGER keep_told ON referrals_referral;
DROP FUNCTION referrals_keep_told();
DROP TRIGGER note_told ON referrals_referralfeedback;
DROP FUNCTION referrals_note_told();
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0075_notes_of_hidden_episodes_are_taken_back")]

    operations = [
        migrations.AddField(
            "referral",
            "told_at",
            models.DateTimeField(help_text="when its referrer was first told what came of it", null=True),
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.AddIndex(
            "referral",
            models.Index(
                condition=Q(told_at=None, withdrawn_at=None),
                fields=["partnership", "feedback_by", "id"],
                name="referrals_referral_untold",
            ),
        ),
    ]
