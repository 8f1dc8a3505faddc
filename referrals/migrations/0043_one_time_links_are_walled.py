"""The wall of one-time links: the hub's own who take referrals in, and the holder of one, who sees no other.

A stranger who asks is the system's purpose; what a holder does is told as the link's own (hub/access/context.py). The
policies stand beside those of 0034: a holder adds the one referral of their link, with its first version, and sees it.
What a link's digest opens is asked before anybody is known, hence a function that runs as the owner.
"""

from django.db import migrations

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
SEEN = f"""({OWN} AND ((SELECT hub_may('referrals.receive')) OR (SELECT hub_for('link'))))
    OR (id = (SELECT hub_link()) AND partnership_id = (SELECT hub_partnership()))"""
HELD = "link_id = (SELECT hub_link()) AND partnership_id = (SELECT hub_partnership())"
MINE = "recorded_by_id = (SELECT hub_user())"
WALL = f"""
SELECT hub_wall('referrals_referrallink', $${SEEN}$$);
CREATE POLICY held ON referrals_referral FOR SELECT USING ({HELD});
CREATE POLICY sent_by_link ON referrals_referral FOR INSERT
    WITH CHECK ({HELD} AND {MINE} AND route = 'link' AND child_id IS NULL AND decided_at IS NULL);
CREATE POLICY sent_by_link ON referrals_referralversion FOR INSERT
    WITH CHECK (partnership_id = (SELECT hub_partnership()) AND {MINE} AND number = 1 AND EXISTS (
        SELECT FROM referrals_referral r WHERE r.id = referral_id AND r.link_id = (SELECT hub_link())));
"""
NO_WALL = """
DROP POLICY sent_by_link ON referrals_referralversion;
DROP POLICY sent_by_link ON referrals_referral;
DROP POLICY held ON referrals_referral;
SELECT hub_no_wall('referrals_referrallink');
"""
FOUND = """
CREATE FUNCTION referrals_link_of(token text, of_browser text) RETURNS TABLE (link bigint, partnership bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id, partnership_id FROM referrals_referrallink
    WHERE ends_at > statement_timestamp() AND (
        (token <> '' AND digest = token AND opened_at IS NULL) OR (of_browser <> '' AND browser = of_browser))
$$;
"""
WATCHED = "SELECT hub_watch('referrals_referrallink', 'plain', 'content', 'digest', 'browser');"


class Migration(migrations.Migration):
    dependencies = [("referrals", "0042_one_time_links"), ("hub", "0019_by_a_link")]

    operations = [
        migrations.RunSQL(WALL, NO_WALL),
        migrations.RunSQL(FOUND, "DROP FUNCTION referrals_link_of(text, text);"),
        migrations.RunSQL(WATCHED, "SELECT hub_unwatch('referrals_referrallink');"),
    ]
