"""Put the trigger that keeps facts on each table of facts of this room."""

from django.db import migrations

# Table, and the columns that a spell learns once, when its end becomes known.
TABLES = {
    "risk_risklevel": "",
    "risk_review": "done_on,to_known_from",
    "risk_crimefact": "",
    "risk_crimeoutcome": "",
    "risk_suspectdetails": "",
    "risk_crimesuspect": "",
    "risk_occurrencefact": "closed_on,to_known_from",
    "risk_suspectlevel": "",
}


def keep(table: str, ending: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER keep_facts BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION hub_keep_facts('{{{ending}}}');",
        f"DROP TRIGGER keep_facts ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("hub", "0002_facts_are_kept"), ("risk", "0001_levels_reviews_crimes_suspects")]

    operations = [keep(table, ending) for table, ending in TABLES.items()]
