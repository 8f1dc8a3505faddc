"""The last number on a meeting's agenda, also where that child is hidden from who asks: a number is given once.

The function tells nothing but the number.
"""

from django.db import migrations

LAST = """
CREATE FUNCTION risk_last_item(asked bigint) RETURNS integer LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(max(number), 0)::integer FROM risk_meetingitem WHERE meeting_id = asked
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("risk", "0017_joined_by_reference")]

    operations = [migrations.RunSQL(LAST, "DROP FUNCTION risk_last_item(bigint);")]
