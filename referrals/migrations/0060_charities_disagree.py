"""A charity raises a disagreement with the hub about a child whom a grant shows it, and reads what became of it.

Who sees whole cases sees every one; a charity's worker those that the own agency raised from outside, as long as
the episode is shown to them. The number is the database's to give: how many others there are on the episode is not for them.
"""

from django.db import migrations, models

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
ALL = "(SELECT hub_sees_all()) AND child_id NOT IN (SELECT unnest((SELECT hub_hidden_children())))"
# `outside` is what one raises who sees a part of the case alone: nobody else of a charity holds a post.
THEIRS = """outside AND raised_by_id = (SELECT hub_agency())
    AND episode_id IN (SELECT unnest((SELECT hub_shown_episodes())))"""
# Who sees an episode sees its child; what is written says both.
WRITTEN = f"{THEIRS} AND child_id IN (SELECT unnest((SELECT hub_shown_children())))"
BENEATH = """
CREATE POLICY added_beneath ON referrals_disagreement AS RESTRICTIVE FOR INSERT WITH CHECK (
    (SELECT current_user <> 'hub_app') OR episode_id NOT IN (SELECT unnest((SELECT hub_hidden_episodes()))));
CREATE POLICY changed_beneath ON referrals_disagreement AS RESTRICTIVE FOR UPDATE USING (true) WITH CHECK (
    (SELECT current_user <> 'hub_app') OR episode_id NOT IN (SELECT unnest((SELECT hub_hidden_episodes()))));
"""
NUMBER = """
CREATE FUNCTION referrals_number_disagreement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.number = 0 THEN
        NEW.number := (SELECT coalesce(max(number), 0) + 1 FROM referrals_disagreement
            WHERE episode_id = NEW.episode_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER number_disagreement BEFORE INSERT ON referrals_disagreement
    FOR EACH ROW EXECUTE FUNCTION referrals_number_disagreement();
"""
NO_NUMBER = """
DROP TRIGGER number_disagreement ON referrals_disagreement;
DROP FUNCTION referrals_number_disagreement();
"""
WALL = f"""
SELECT hub_no_wall('referrals_disagreement');
SELECT hub_wall('referrals_disagreement', seen => $${OWN} AND (({ALL}) OR ({THEIRS}))$$,
    written => $${OWN} AND (({ALL}) OR ({WRITTEN}))$$);
{BENEATH}"""
BEFORE = f"""
SELECT hub_no_wall('referrals_disagreement');
SELECT hub_wall('referrals_disagreement', $${OWN} AND {ALL}$$);
{BENEATH}"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0052_references_run_on")]

    operations = [
        migrations.AddField(
            model_name="disagreement",
            name="outside",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(NUMBER, NO_NUMBER),
        migrations.RunSQL(WALL, BEFORE),
    ]
