"""Seals: the trail in batches, each bound to the one before.

A seal covers the events and changes whose transactions its snapshot of the database saw finished and the seal
before it did not. So nobody who writes waits, and a transaction that commits late falls to the next seal,
whatever numbers its rows bear. The digest is over what an event says of itself and over the digest of its
content: content that is blanked lawfully leaves the chain whole.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION hub_event_digest(e hub_auditevent) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to(jsonb_build_array(e.id, e.at AT TIME ZONE 'UTC', e.verb, e.event, e.user_id,
        e.username, e.role, e.agency_id, e.agency, e.partnership_id, e.what, e.reference, e.about, e.transaction,
        e.written_at AT TIME ZONE 'UTC', encode(e.content_digest, 'hex'))::text, 'UTF8'))
$$;
CREATE FUNCTION hub_change_digest(c hub_change) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to(jsonb_build_array(c.id, c.written_at AT TIME ZONE 'UTC', c.transaction, c.deed,
        c."table", c.rows, c.keys, c.user_id, c.partnership_id, c.database_role,
        encode(c.content_digest, 'hex'))::text, 'UTF8'))
$$;
-- Content that does not fit its digest is spoilt, unless it was blanked and an event of erasure names it.
CREATE FUNCTION hub_spoilt(digest bytea, before jsonb, after jsonb, reason text, name text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT digest <> hub_content_digest(before, after, reason) AND NOT (
        before IS NULL AND after IS NULL AND reason = ''
        AND EXISTS (SELECT FROM hub_auditevent WHERE event = 'trail.erased' AND about @> ARRAY[name]::varchar[]))
$$;
-- What lies between two seals: how many events and changes, their digest, and how many are spoilt. It tells
-- nothing of their content, so whoever seals and verifies need not see it.
CREATE FUNCTION hub_members(from_reach bigint, from_running bigint[], to_reach bigint, to_running bigint[],
    OUT events integer, OUT changes integer, OUT members bytea, OUT spoilt integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH e AS (
        SELECT count(*)::integer AS number,
            coalesce(string_agg(hub_event_digest(e), ''::bytea ORDER BY transaction, id), '') AS digests,
            count(*) FILTER (WHERE hub_spoilt(content_digest, before, after, reason, 'event ' || id)) AS spoilt
        FROM hub_auditevent e
        WHERE (transaction >= from_reach OR transaction = ANY (from_running))
            AND transaction < to_reach AND NOT transaction = ANY (to_running)
    ), c AS (
        SELECT count(*)::integer AS number,
            coalesce(string_agg(hub_change_digest(c), ''::bytea ORDER BY transaction, id), '') AS digests,
            count(*) FILTER (WHERE hub_spoilt(content_digest, before, after, '', 'change ' || id)) AS spoilt
        FROM hub_change c
        WHERE (transaction >= from_reach OR transaction = ANY (from_running))
            AND transaction < to_reach AND NOT transaction = ANY (to_running)
    )
    SELECT e.number, c.number, sha256(sha256(e.digests) || sha256(c.digests)), (e.spoilt + c.spoilt)::integer
    FROM e, c
$$;
-- Which transactions had begun, and which of those were not over. One's own is not.
CREATE FUNCTION hub_snapshot(OUT reach bigint, OUT running bigint[]) LANGUAGE sql STABLE AS $$
    SELECT pg_snapshot_xmax(now_seen)::text::bigint, ARRAY(
        SELECT number FROM (
            SELECT pg_snapshot_xip(now_seen)::text::bigint UNION
            SELECT pg_current_xact_id_if_assigned()::text::bigint
        ) AS each (number) WHERE number IS NOT NULL ORDER BY number)
    FROM pg_current_snapshot() AS now_seen
$$;
"""
KEEP = """
CREATE TRIGGER keep_trail BEFORE UPDATE OR DELETE ON hub_seal
    FOR EACH ROW EXECUTE FUNCTION hub_keep_trail();
CREATE TRIGGER keep_whole BEFORE TRUNCATE ON hub_seal
    FOR EACH STATEMENT EXECUTE FUNCTION hub_keep_trail();
SELECT hub_leave_rights('hub_seal', 'SELECT, INSERT');
"""
BACK = """
DROP FUNCTION hub_snapshot();
DROP FUNCTION hub_members(bigint, bigint[], bigint, bigint[]);
DROP FUNCTION hub_spoilt(bytea, jsonb, jsonb, text, text);
DROP FUNCTION hub_change_digest(hub_change);
DROP FUNCTION hub_event_digest(hub_auditevent);
"""


class Migration(migrations.Migration):
    dependencies = [("hub", "0009_the_second_wall")]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed_at", models.DateTimeField()),
                ("reach", models.BigIntegerField()),
                (
                    "running",
                    django.contrib.postgres.fields.ArrayField(models.BigIntegerField()),
                ),
                ("events", models.IntegerField()),
                ("changes", models.IntegerField()),
                ("members", models.BinaryField()),
                ("previous", models.BinaryField()),
                ("head", models.BinaryField()),
                ("signature", models.BinaryField()),
                ("signer", models.BinaryField()),
            ],
            options={"ordering": ["number"]},
        ),
        migrations.RunSQL(FUNCTIONS, BACK),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
