"""The trigger function that keeps facts; later migrations put it on each table of facts.

It lets a row learn, once, when and by whom it was superseded, and a spell its end (the columns named in
the trigger's argument); any other update and every delete is refused, whoever asks. TRUNCATE is the
owner's alone: the application's role does not hold it.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION hub_keep_facts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    superseding text[] := ARRAY['superseded_at', 'superseded_source_id', 'superseded_by_id'];
    ending text[] := TG_ARGV[0]::text[];
    before jsonb;
    after jsonb;
    name text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'facts of % are kept: supersede the fact instead of deleting it', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    before := to_jsonb(OLD);
    after := to_jsonb(NEW);
    IF before - superseding - ending <> after - superseding - ending THEN
        RAISE EXCEPTION 'facts of % are kept: record a new fact instead of changing this one', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    FOREACH name IN ARRAY superseding || ending LOOP
        IF before -> name <> after -> name AND coalesce(before ->> name, '') <> '' THEN
            RAISE EXCEPTION 'facts of % are kept: % is already set', TG_TABLE_NAME, name
                USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("hub", "0001_accounts_trail_sources")]

    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION hub_keep_facts();")]
