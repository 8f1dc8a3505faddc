"""The wall of referrals: those who see every case see each that is not put to a hidden child; a referrer their own.

referrals/intake/models.py says the same for the application. Who takes referrals in writes any of them, a referrer
their own until it is put to a child; what the hub decides on it no referrer writes. Versions and feedback are added, each in one's own name, and never changed.
"""

from django.db import migrations

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
ALL = """(SELECT hub_sees_all())
    AND (child_id IS NULL OR child_id NOT IN (SELECT unnest((SELECT hub_hidden_children()))))"""
MINE = """(SELECT hub_may('referrals.make')) AND NOT (SELECT hub_may('cases.view'))
    AND recorded_by_id = (SELECT hub_user())"""
MAY = """((SELECT hub_may('referrals.receive'))
    OR (child_id IS NULL AND episode_id IS NULL AND (SELECT hub_may('referrals.make'))
        AND recorded_by_id = (SELECT hub_user())))"""
NOT_BENEATH = "(episode_id IS NULL OR episode_id NOT IN (SELECT unnest((SELECT hub_hidden_episodes()))))"
SEEN = f"{OWN} AND (({ALL}) OR ({MINE}))"
OF_SEEN = f"{OWN} AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)"
ADDED = f"""{OF_SEEN} AND recorded_by_id = (SELECT hub_user()) AND ((SELECT hub_may('referrals.receive'))
    OR EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id AND r.child_id IS NULL
        AND (SELECT hub_may('referrals.make')) AND r.recorded_by_id = (SELECT hub_user())))"""
TOLD = f"{OF_SEEN} AND recorded_by_id = (SELECT hub_user()) AND (SELECT hub_may('referrals.receive'))"
WALL = f"""
SELECT hub_wall('referrals_referral', seen => $${SEEN}$$, written => $${SEEN} AND {MAY} AND {NOT_BENEATH}$$);
SELECT hub_wall('referrals_referralversion', seen => $${OF_SEEN}$$, written => $${ADDED}$$);
SELECT hub_app_may('SELECT, INSERT', 'referrals_referralversion');
SELECT hub_wall('referrals_referralfeedback', seen => $${OF_SEEN}$$, written => $${TOLD}$$);
SELECT hub_app_may('SELECT, INSERT', 'referrals_referralfeedback');
"""
NO_WALL = "".join(
    f"SELECT hub_no_wall('{table}');"
    for table in ("referrals_referralfeedback", "referrals_referralversion", "referrals_referral")
)
# Where nothing was told (the owner's own work) the trigger asks nothing: the wall does not bind it either.
DESK = """
CREATE FUNCTION referrals_desk_alone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_the_desk CONSTANT text[] := ARRAY['child_id', 'episode_id', 'joined_at', 'joined_by_id', 'decided_at', 'outcome'];
    kept CONSTANT text[] := ARRAY['partnership_id', 'number', 'reference', 'received_at', 'recorded_at',
        'recorded_by_id', 'route', 'decide_by', 'feedback_by'];
    name text;
BEGIN
    FOREACH name IN ARRAY kept LOOP
        IF to_jsonb(NEW) -> name IS DISTINCT FROM to_jsonb(OLD) -> name THEN
            RAISE EXCEPTION 'how a referral came never changes' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END LOOP;
    IF current_user = 'hub_app' AND NOT hub_may('referrals.receive') AND NOT hub_may('levels.record') THEN
        FOREACH name IN ARRAY of_the_desk LOOP
            IF to_jsonb(NEW) -> name IS DISTINCT FROM to_jsonb(OLD) -> name THEN
                RAISE EXCEPTION 'the hub alone decides on a referral' USING ERRCODE = 'insufficient_privilege';
            END IF;
        END LOOP;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER desk_alone BEFORE UPDATE ON referrals_referral
    FOR EACH ROW EXECUTE FUNCTION referrals_desk_alone();
"""
NO_DESK = "DROP TRIGGER desk_alone ON referrals_referral; DROP FUNCTION referrals_desk_alone();"
# A referrer sees none but their own, and must still be given the next number; which tells nothing but itself.
NEXT = """
CREATE FUNCTION referrals_next_referral(asked bigint) RETURNS integer LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(max(number), 0) + 1 FROM referrals_referral
    WHERE partnership_id = asked
$$;
"""
TABLES = ("referrals_referralversion", "referrals_referralfeedback")
KEPT = "SELECT hub_watch('referrals_referral', 'plain');" + "".join(
    f"CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION hub_keep_trail();"
    f"SELECT hub_watch('{table}', 'plain');"
    for table in TABLES
)
NOT_KEPT = "SELECT hub_unwatch('referrals_referral');" + "".join(
    f"SELECT hub_unwatch('{table}'); DROP TRIGGER keep_rows ON {table};" for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0033_referrals_received"), ("hub", "0014_the_wall_knows_the_agency")]

    operations = [
        migrations.RunSQL(WALL, NO_WALL),
        migrations.RunSQL(DESK, NO_DESK),
        migrations.RunSQL(NEXT, "DROP FUNCTION referrals_next_referral(bigint);"),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
