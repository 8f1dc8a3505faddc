"""Who sees what is shared writes notes of their own agency about a child that is shown to them, and no other.

Such a note lies under no episode that is not shown to them; all else is as it was (0017, 0025).
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
POLICIES = """
ALTER POLICY added ON referrals_note WITH CHECK ({written});
ALTER POLICY changed ON referrals_note USING ({changed}) WITH CHECK ({written});
"""
NOW = POLICIES.format(
    written=f"{OWN} AND ({ALL} OR {SHARED} AND {ITS_EPISODE}) AND {THEIRS}",
    changed=f"{OWN} AND ({ALL} OR {SHARED}) AND {THEIRS}",
)
BEFORE = POLICIES.format(written=f"{OWN} AND {ALL} AND {THEIRS}", changed=f"{OWN} AND {ALL} AND {THEIRS}")


class Migration(migrations.Migration):
    dependencies = [("referrals", "0072_notes_are_found_by_who_wrote_them")]

    operations = [migrations.RunSQL(NOW, BEFORE)]
