"""What a grant shows of a child is narrowed to what the agency's sharing agreement in force opens.

referrals/episodes, children and notes say the same for the application. An agency reads its own notes always.
"""

from django.db import migrations

OWN_NOTES = "agency_id = (SELECT hub_agency()) OR author_id = (SELECT hub_user())"
TABLES = {
    "referrals_episode": ("episodes", "false"),
    "referrals_episodefact": ("episodes", "false"),
    "referrals_allocation": ("episodes", "false"),
    "referrals_address": ("addresses", "false"),
    "referrals_note": ("notes", OWN_NOTES),
}


class Migration(migrations.Migration):
    dependencies = [("referrals", "0017_notes_are_marked")]

    operations = [
        migrations.RunSQL(
            f"SELECT hub_agreed('{table}', '{category}', '{besides}');",
            f"DROP POLICY agreed ON {table};",
        )
        for table, (category, besides) in TABLES.items()
    ]
