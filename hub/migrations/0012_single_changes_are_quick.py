"""A change of one row, which most are, is noted without joining: the two rows are compared as they are."""

from importlib import import_module

from django.db import migrations

NOTE = """
CREATE OR REPLACE FUNCTION hub_note_change(
    deed text, relation text, rows bigint, keys int8multirange, sample jsonb, before jsonb, after jsonb
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO hub_change (written_at, transaction, deed, "table", rows, keys, user_id, partnership_id,
        database_role, before, after, content_digest)
    VALUES (clock_timestamp(), pg_current_xact_id()::text::bigint, deed, relation, rows, keys::text,
        coalesce(nullif(current_setting('hub.user_id', true), '')::bigint,
            (sample ->> 'superseded_by_id')::bigint, (sample ->> 'recorded_by_id')::bigint),
        (sample ->> 'partnership_id')::bigint, session_user, before, after,
        hub_content_digest(before, after, ''));
END $$;
"""
WHOLE = import_module("hub.migrations.0008_changes_are_caught").FUNCTIONS
SLOW = WHOLE[WHOLE.index("CREATE FUNCTION hub_see_update()") : WHOLE.index("CREATE FUNCTION hub_watch(")]
SLOW = SLOW.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
QUICK = SLOW.replace(
    "    ELSIF number <= few THEN",
    """    ELSIF number = 1 THEN
        SELECT to_jsonb(o) INTO old_row FROM old_rows o;
        SELECT jsonb_object_agg(key, jsonb_build_array(
                CASE WHEN key = ANY (TG_ARGV) THEN '"not kept"' ELSE value END)),
            jsonb_object_agg(key, jsonb_build_array(
                CASE WHEN key = ANY (TG_ARGV) THEN '"not kept"' ELSE sample -> key END))
        INTO was, has FROM jsonb_each(old_row) WHERE value <> sample -> key;
    ELSIF number <= few THEN""",
).replace("    sample jsonb;\n    number bigint;", "    sample jsonb;\n    old_row jsonb;\n    number bigint;")


class Migration(migrations.Migration):
    dependencies = [("hub", "0011_seals_are_found")]

    operations = [
        migrations.RunSQL(NOTE, migrations.RunSQL.noop),
        migrations.RunSQL(QUICK, SLOW),
    ]
