"""Who sees what is shared takes an own note back also where its episode is not shown to them any more.

What is written anew still lies under no episode that is not shown (0073); all else is as it was.
"""

from django.db import migrations

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
ALL = "(SELECT hub_sees_all()) AND child_id NOT IN (SELECT unnest((SELECT hub_hidden_children())))"
SHARED = """(SELECT hub_may('shared_notes.record'))
    AND child_id IN (SELECT unnest((SELECT hub_shown_children())))"""
ITS_EPISODE = "(episode_id IS NULL OR episode_id IN (SELECT unnest((SELECT hub_shown_episodes()))))"
THEIRS = (
    "(agency_id = (SELECT hub_agency()) OR author_id = (SELECT hub_user()) OR (SELECT hub_every_partnership()))"
)
POLICY = "ALTER POLICY changed ON referrals_note WITH CHECK ({written});"
NOW = POLICY.format(
    written=f"{OWN} AND ({ALL} OR {SHARED} AND (superseded_at IS NOT NULL OR {ITS_EPISODE})) AND {THEIRS}"
)
BEFORE = POLICY.format(written=f"{OWN} AND ({ALL} OR {SHARED} AND {ITS_EPISODE}) AND {THEIRS}")


class Migration(migrations.Migration):
    dependencies = [("referrals", "0074_alike_reads_less")]

    operations = [migrations.RunSQL(NOW, BEFORE)]
