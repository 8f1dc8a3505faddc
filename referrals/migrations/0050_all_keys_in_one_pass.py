"""Keys are put right in one pass over each table, whatever PostgreSQL believes of how many rows there are.

Tables that were last counted when they were nearly empty (before a first import) made it look for each key's grounds
anew: importing two years of a hub took a second, or more than a minute.
"""

from django.db import migrations

SETTINGS = {"enable_nestloop": "off", "plan_cache_mode": "force_custom_plan"}
KEEP = "ALTER FUNCTION referrals_keep_keys(bigint[], text)"


class Migration(migrations.Migration):
    dependencies = [("referrals", "0049_disagreements_are_kept")]

    operations = [
        migrations.RunSQL(
            "".join(f"{KEEP} SET {name} = {value};" for name, value in SETTINGS.items()),
            "".join(f"{KEEP} RESET {name};" for name in SETTINGS),
        )
    ]
