"""The trail sees every change of grants and restrictions, whoever writes."""

from django.db import migrations

TABLES = {
    "referrals_groupgrant": "plain",
    "referrals_persongrant": "plain",
    "referrals_restriction": "kept",
}


class Migration(migrations.Migration):
    dependencies = [("referrals", "0011_who_sees_a_child"), ("hub", "0009_the_second_wall")]

    operations = [
        migrations.RunSQL(f"SELECT hub_watch('{table}', '{how}');", f"SELECT hub_unwatch('{table}');")
        for table, how in TABLES.items()
    ]
