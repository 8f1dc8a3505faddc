"""The second wall of imports, their conflicts, and the register of what was published.

A release is read by who may publish, wherever it speaks of their partnership, also together with others: the
next release is checked against it, and one that is overlooked could be subtracted from it.
"""

from django.db import migrations

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
IMPORTS = ("reporting_importconflict", "reporting_extractupload", "reporting_conflictsettlement")
RELEASES = """
SELECT hub_wall('reporting_release', $$(SELECT hub_may('report.publish')) AND ((SELECT hub_every_partnership())
    OR (SELECT code FROM partners_partnership WHERE id = (SELECT hub_partnership())) = ANY (partnerships))$$);
SELECT hub_app_may('SELECT, INSERT', 'reporting_release');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0004_changes_are_caught"),
        ("partners", "0003_the_second_wall"),
    ]

    operations = [
        migrations.RunSQL(
            "".join(
                f"SELECT hub_wall('{table}', $${OWN} AND (SELECT hub_may('extract.import'))$$);"
                for table in IMPORTS
            )
            + RELEASES,
            "".join(f"SELECT hub_no_wall('{table}');" for table in (*IMPORTS, "reporting_release")),
        ),
    ]
