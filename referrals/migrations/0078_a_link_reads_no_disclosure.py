"""By a one-time link nobody reads or enters what left the hub, an access in an emergency, or a saved filter.

A link's holder acts under the operator's number, and would have met what is the operator's own.
"""

from django.db import migrations

TABLES = ("referrals_disclosure", "referrals_emergencyaccess", "referrals_savedfilter")
APART = "".join(f"SELECT hub_not_by_link('{table}');\n" for table in TABLES)
TOGETHER = "".join(
    f"DROP POLICY {name} ON {table};\n"
    for table in TABLES
    for name in ("seen_apart", "added_apart", "changed_apart", "removed_apart")
)


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0077_an_episode_bears_whose_it_is"),
        ("hub", "0021_a_link_is_no_account"),
    ]

    operations = [migrations.RunSQL(APART, TOGETHER)]
