"""Who somebody is today, where they hold several posts: the one they chose, else the earliest."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("partners.migrations.0006_a_standing_is_found_at_once").STANDING
AFTER = (
    BEFORE.replace("(who bigint, today date)", "(who bigint, today date, chosen bigint)")
    .replace("categories text[]\n)", "categories text[], post_id bigint, posts bigint\n)")
    .replace("g.ends_on >= today)\n", "g.ends_on >= today), p.id, count(*) OVER ()\n")
    .replace("ORDER BY p.starts_on, p.id", "ORDER BY (p.id = chosen) DESC, p.starts_on, p.id")
)
DROP = "DROP FUNCTION partners_standing(bigint, date{});"


class Migration(migrations.Migration):
    dependencies = [("partners", "0006_a_standing_is_found_at_once")]

    operations = [
        migrations.RunSQL(DROP.format("") + AFTER, DROP.format(", bigint") + BEFORE),
    ]
