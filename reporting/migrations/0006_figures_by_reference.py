"""The cases behind a figure by reference, for one who counts them and sees none.

Of a child who is hidden from the person nothing is told, as on every other page.
"""

from django.db import migrations

OF_CHILD = """
        SELECT x.id, x.reference, c.reference, c.id FROM {table} x
        JOIN referrals_by_reference(ARRAY(SELECT k.{child} FROM {table} k WHERE k.id = ANY (asked)), '') c
            ON c.id = x.{child}
        WHERE kind = '{kind}' AND x.id = ANY (asked)"""
OF_POLICE = """
        SELECT x.id, x.reference, NULL::varchar, NULL::bigint FROM {table} x
        WHERE kind = '{kind}' AND x.id = ANY (asked)
            AND hub_may('cases.by_reference') AND x.partnership_id = hub_partnership()"""
KINDS = (
    OF_CHILD.format(kind="episodes", table="referrals_episode", child="child_id"),
    OF_CHILD.format(kind="children", table="referrals_child", child="id"),
    OF_CHILD.format(kind="missing", table="referrals_missingepisode", child="child_id"),
    OF_POLICE.format(kind="crimes", table="risk_crime"),
    OF_POLICE.format(kind="occurrences", table="risk_suspectoccurrence"),
)
READ = f"""
CREATE FUNCTION reporting_by_reference(kind text, asked bigint[])
RETURNS TABLE (id bigint, reference varchar, child varchar, child_id bigint) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $${" UNION ALL ".join(KINDS)}
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0005_conflicts_about_hidden_children"),
        ("risk", "0010_a_case_by_reference"),
    ]

    operations = [migrations.RunSQL(READ, "DROP FUNCTION reporting_by_reference(text, bigint[]);")]
