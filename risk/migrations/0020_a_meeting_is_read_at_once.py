"""A meeting is read by one function, and what a decision stands on by another (decisions 17 and 33).

PostgreSQL plans their statements once for each connection. They run as whoever calls them, so row security binds each
statement. Of a meeting the application's own wall is told to the function (risk/meetings/queries/room.py): partnership
and hidden children. What a decision stands on is the same whoever records it.
"""

from django.db import migrations

SEEN = "{0}.partnership_id = ours AND {0}.child_id <> ALL (hidden)"
PARTS = {
    "meeting": """SELECT m.*,
            (SELECT row_to_json(x) FROM (
                SELECT s.*, row_to_json(p) AS partnership
                FROM risk_meetingseries s JOIN partners_partnership p ON p.id = s.partnership_id
                WHERE s.id = m.series_id) x) AS series,
            (SELECT json_build_object('id', u.id, 'name', u.name) FROM hub_user u
                WHERE u.id = m.recorder_id) AS recorder,
            (SELECT json_build_object('id', u.id, 'name', u.name) FROM hub_user u
                WHERE u.id = m.chair_id) AS chair
        FROM risk_meeting m WHERE m.id = met""",
    "items": f"""SELECT i.*, row_to_json(e) AS episode, row_to_json(c) AS child
        FROM risk_meetingitem i JOIN referrals_episode e ON e.id = i.episode_id
        JOIN referrals_child c ON c.id = i.child_id
        WHERE i.meeting_id = met AND {SEEN.format("i")} ORDER BY i.number""",
    "there": """SELECT a.*, json_build_object('id', g.id, 'name', g.name, 'kind', g.kind) AS agency
        FROM risk_attendance a JOIN partners_agency g ON g.id = a.agency_id
        WHERE a.meeting_id = met AND a.partnership_id = ours AND a.left_at IS NULL ORDER BY g.name""",
    "seats": """SELECT g.* FROM partners_agency g
        WHERE g.partnership_id = ours AND g.kind <> 'board'
            AND EXISTS (SELECT FROM risk_meeting m WHERE m.id = met) ORDER BY g.name, g.id""",
    "decisions": f"""SELECT d.* FROM risk_meetingitem i JOIN risk_meetingdecision d ON d.item_id = i.id
        WHERE i.meeting_id = met AND d.superseded_at IS NULL AND {SEEN.format("d")} ORDER BY d.id""",
    "checks": f"""SELECT k.*, json_build_object('id', g.id, 'name', g.name) AS agency,
            e.closed_on IS NOT NULL OR EXISTS (SELECT FROM risk_risklevel l
                WHERE l.episode_id = k.episode_id AND l.superseded_at IS NULL
                    AND l.known_from > k.asked_at) AS decided
        FROM risk_meetingitem i JOIN referrals_episode e ON e.id = i.episode_id
        JOIN referrals_agencycheck k ON k.episode_id = e.id JOIN partners_agency g ON g.id = k.agency_id
        WHERE i.meeting_id = met AND {SEEN.format("i")} AND {SEEN.format("k")}
        ORDER BY g.name, k.agency_id, k.asked_at, k.id""",
}
TELL = """    part := '{0}';
    told := (SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (
        {1}
    ) x);
    RETURN NEXT;
"""
ROOM = f"""
CREATE FUNCTION risk_meeting_room(asked bigint, item bigint, ours bigint, hidden bigint[])
RETURNS TABLE (part text, told text) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    met bigint := (
        SELECT m.id FROM risk_meeting m
        WHERE m.partnership_id = ours AND m.id = coalesce(asked, (
            SELECT i.meeting_id FROM risk_meetingitem i WHERE i.id = item AND {SEEN.format("i")})));
BEGIN
{"".join(TELL.format(name, rows) for name, rows in PARTS.items())}END $$;
"""
GROUND = """
CREATE FUNCTION risk_ground(asked bigint, of_child bigint)
RETURNS TABLE (levels text[], outstanding bigint, learning_disability boolean, stands json)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY SELECT
        ARRAY(SELECT l.level::text FROM risk_risklevel l
            WHERE l.episode_id = asked AND l.superseded_at IS NULL),
        (SELECT count(DISTINCT k.agency_id)
            FROM referrals_agencycheck k JOIN referrals_episode e ON e.id = k.episode_id
            WHERE k.episode_id = asked AND k.answered_at IS NULL AND k.withdrawn_at IS NULL
                AND e.closed_on IS NULL AND NOT EXISTS (SELECT FROM risk_risklevel l
                    WHERE l.episode_id = k.episode_id AND l.superseded_at IS NULL
                        AND l.known_from > k.asked_at)),
        EXISTS (SELECT FROM referrals_childdetails d
            WHERE d.child_id = of_child AND d.superseded_at IS NULL AND d.learning_disability),
        (SELECT coalesce(json_object_agg(m.matter, m.state), '{}') FROM (
            SELECT DISTINCT ON (f.matter) f.matter, f.state FROM referrals_measure f
            WHERE f.episode_id = asked AND f.superseded_at IS NULL
            ORDER BY f.matter, f."on" DESC, f.position DESC, f.id DESC) m);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("risk", "0019_places_put_forward"),
        ("referrals", "0078_a_link_reads_no_disclosure"),
        ("partners", "0015_numbers_of_a_hubs_own"),
    ]

    operations = [
        migrations.RunSQL(ROOM, "DROP FUNCTION risk_meeting_room(bigint, bigint, bigint, bigint[]);"),
        migrations.RunSQL(GROUND, "DROP FUNCTION risk_ground(bigint, bigint);"),
    ]
