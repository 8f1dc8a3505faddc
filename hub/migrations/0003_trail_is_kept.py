"""The trail is append-only: a trigger refuses to change or delete an event, whoever asks."""

from django.db import migrations

SQL = """
CREATE FUNCTION hub_keep_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_trail BEFORE UPDATE OR DELETE ON hub_auditevent
    FOR EACH ROW EXECUTE FUNCTION hub_keep_trail();
"""
BACK = "DROP TRIGGER keep_trail ON hub_auditevent; DROP FUNCTION hub_keep_trail();"


class Migration(migrations.Migration):
    dependencies = [("hub", "0002_facts_are_kept")]

    operations = [migrations.RunSQL(SQL, BACK)]
