"""The wall of the log of disclosures: rows are added, each in one's own name, and never changed.

referrals/disclosures/models.py says the same for the application. An auditor, who sees no case, reads of every row;
whoever prints or downloads sees the row that this makes, as long as the child is shown to them.
"""

from django.db import migrations

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
ALL = "(SELECT hub_sees_all()) AND child_id IS NOT NULL AND child_id NOT IN (SELECT unnest((SELECT hub_hidden_children())))"
SHOWN = "child_id IN (SELECT unnest((SELECT hub_shown_children())))"
READS = "(SELECT hub_may('disclosures.read'))"
MINE = "recorded_by_id = (SELECT hub_user())"
SEEN = f"""{OWN} AND (({ALL}) OR ({READS} AND (child_id IS NULL OR NOT (SELECT hub_sees_all())))
    OR ({MINE} AND (child_id IS NULL OR {SHOWN})))"""
WRITTEN = f"{OWN} AND {MINE} AND (child_id IS NULL OR ({ALL}) OR {SHOWN})"
OF_SEEN = f"{OWN} AND EXISTS (SELECT FROM referrals_disclosure d WHERE d.id = disclosure_id)"
WALL = f"""
SELECT hub_wall('referrals_disclosure', seen => $${SEEN}$$, written => $${WRITTEN}$$);
SELECT hub_app_may('SELECT, INSERT', 'referrals_disclosure');
SELECT hub_wall('referrals_disclosurerecall', seen => $${OF_SEEN}$$, written => $${OF_SEEN} AND {MINE}$$);
SELECT hub_app_may('SELECT, INSERT', 'referrals_disclosurerecall');
"""
TABLES = ("referrals_disclosure", "referrals_disclosurerecall")
KEPT = "".join(
    f"CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION hub_keep_trail();"
    f"SELECT hub_watch('{table}', 'plain');"
    for table in TABLES
)
BACK = "".join(
    f"SELECT hub_unwatch('{table}'); DROP TRIGGER keep_rows ON {table}; SELECT hub_no_wall('{table}');"
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0022_disclosures"), ("hub", "0013_lists_are_asked_once")]

    operations = [migrations.RunSQL(WALL + KEPT, BACK)]
