"""The wall of findings and their reviews: for auditors, of whom nobody judges what is about themself.

The night's task alone adds a finding: who acts for every partnership.
"""

from django.db import migrations

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
REVIEWERS = "(SELECT hub_may('access.review'))"
WALL = f"""
SELECT hub_wall('referrals_unusualaccess', seen => $${OWN} AND {REVIEWERS}$$,
    written => $$(SELECT hub_every_partnership()) AND {REVIEWERS}$$);
SELECT hub_app_may('SELECT, INSERT', 'referrals_unusualaccess');
SELECT hub_wall('referrals_unusualaccessreview', seen => $${OWN} AND {REVIEWERS}$$,
    written => $${OWN} AND {REVIEWERS} AND reviewed_by_id = (SELECT hub_user()) AND EXISTS (
        SELECT FROM referrals_unusualaccess f WHERE f.id = finding_id AND f.person_id <> (SELECT hub_user())
            AND f.partnership_id = referrals_unusualaccessreview.partnership_id)$$);
SELECT hub_app_may('SELECT, INSERT', 'referrals_unusualaccessreview');
"""
TABLES = ("referrals_unusualaccess", "referrals_unusualaccessreview")
KEPT = "".join(
    f"CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON {table}"
    f" FOR EACH ROW EXECUTE FUNCTION hub_keep_trail(); SELECT hub_watch('{table}', 'plain');"
    for table in TABLES
)
BACK = "".join(
    f"SELECT hub_unwatch('{table}'); DROP TRIGGER keep_rows ON {table}; SELECT hub_no_wall('{table}');"
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0020_unusual_access"),
        ("hub", "0012_single_changes_are_quick"),
    ]

    operations = [migrations.RunSQL(WALL + KEPT, BACK)]
