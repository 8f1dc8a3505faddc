"""The second wall of new information and of measures: for those who see whole cases.

New information is there for who may read its note, as that table's own policies say; one that was withdrawn is gone
with it.
"""

from django.db import migrations

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
ALL = "(SELECT hub_sees_all()) AND child_id NOT IN (SELECT unnest((SELECT hub_hidden_children())))"
READ = """EXISTS (SELECT FROM referrals_note n WHERE n.position = note AND n.child_id = referrals_information.child_id
    AND n.superseded_at IS NULL)"""
BENEATH = """
CREATE POLICY added_beneath ON {table} AS RESTRICTIVE FOR INSERT WITH CHECK (
    (SELECT current_user <> 'hub_app') OR episode_id NOT IN (SELECT unnest((SELECT hub_hidden_episodes()))));
"""
WALL = f"""
SELECT hub_wall('referrals_information', $${OWN} AND {ALL} AND {READ}$$);
SELECT hub_app_may('SELECT, INSERT', 'referrals_information');
SELECT hub_wall('referrals_measure', $${OWN} AND {ALL}$$);
{BENEATH.format(table="referrals_information")}{BENEATH.format(table="referrals_measure")}
CREATE POLICY changed_beneath ON referrals_measure AS RESTRICTIVE FOR UPDATE USING (true) WITH CHECK (
    (SELECT current_user <> 'hub_app') OR episode_id NOT IN (SELECT unnest((SELECT hub_hidden_episodes()))));
CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON referrals_information
    FOR EACH ROW EXECUTE FUNCTION hub_keep_trail();
CREATE TRIGGER keep_facts BEFORE UPDATE OR DELETE ON referrals_measure
    FOR EACH ROW EXECUTE FUNCTION hub_keep_facts('{{}}');
SELECT hub_watch('referrals_information', 'plain');
SELECT hub_watch('referrals_measure', 'kept');
"""
NO_WALL = """
SELECT hub_unwatch('referrals_information'); SELECT hub_unwatch('referrals_measure');
DROP TRIGGER keep_rows ON referrals_information;
DROP TRIGGER keep_facts ON referrals_measure;
SELECT hub_no_wall('referrals_information'); SELECT hub_no_wall('referrals_measure');
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0039_measures_and_information")]

    operations = [migrations.RunSQL(WALL, NO_WALL)]
