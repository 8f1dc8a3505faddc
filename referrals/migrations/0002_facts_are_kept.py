"""Put the trigger that keeps facts on each table of facts of this room."""

from django.db import migrations

# Table, and the columns that a spell learns once, when its end becomes known.
TABLES = {
    "referrals_childdetails": "",
    "referrals_alias": "",
    "referrals_address": "to_date,to_known_from",
    "referrals_carestatus": "to_date,to_known_from",
    "referrals_episodefact": "closed_on,closure_reason,to_known_from",
    "referrals_allocation": "to_date,to_known_from",
    "referrals_missingepisode": "found_at,to_known_from,return_interview_on,return_interview_accepted,interview_known_from",
    "referrals_servicereferral": "ended_on,to_known_from",
}


def keep(table: str, ending: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER keep_facts BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION hub_keep_facts('{{{ending}}}');",
        f"DROP TRIGGER keep_facts ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("hub", "0002_facts_are_kept"), ("referrals", "0001_children_episodes_missing_support")]

    operations = [keep(table, ending) for table, ending in TABLES.items()]
