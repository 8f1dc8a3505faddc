"""The second wall knows by which one-time link somebody acts who has no account (hub/access/context.py)."""

from django.db import migrations

LINK = """
CREATE FUNCTION hub_link() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT hub_told('link')::bigint
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("hub", "0018_a_name_is_one_name")]

    operations = [migrations.RunSQL(LINK, "DROP FUNCTION hub_link();")]
