"""Indexes by which the caseload is counted, narrowed and sorted without reading what is closed."""

from django.db import migrations, models

NAMES = """
CREATE INDEX referrals_child_in_order ON referrals_child (lower(surname), lower(forenames), id);
"""
BACK = "DROP INDEX referrals_child_in_order;"
OPEN = models.Q(("closed_on__isnull", True))


class Migration(migrations.Migration):
    dependencies = [("referrals", "0007_workers_find_their_own")]

    operations = [
        migrations.RemoveIndex(model_name="episode", name="referrals_episode_open"),
        migrations.AddIndex(
            model_name="episode",
            index=models.Index(
                fields=["partnership", "review_due_on", "id"],
                include=[
                    "level",
                    "level_set_on",
                    "referred_on",
                    "lead_worker",
                    "reference",
                    "child",
                ],
                condition=OPEN,
                name="referrals_episode_open",
            ),
        ),
        migrations.RunSQL(NAMES, BACK),
    ]
