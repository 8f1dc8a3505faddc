"""What may stand on a day's list is read by one function (decisions 17 and 33), as whoever calls it.

Partnership and hidden children are told to it, and for whom a note must be marked: the same as `visible_to` asks.
"""

from django.db import migrations

SEEN = "{0}.partnership_id = ours AND {0}.child_id <> ALL (hidden)"
ITEMS = f"""
CREATE FUNCTION risk_agenda_items(
    ours bigint, hidden bigint[], me bigint, mine bigint, from_when timestamptz, to_when timestamptz, on_day date,
    for_the_hub boolean
) RETURNS TABLE (kind text, child bigint, began timestamptz, ended timestamptz, due date, said text)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY SELECT 'missing'::text, m.child_id, m.missing_from, m.found_at, NULL::date, ''::text
        FROM referrals_missingepisode m
        WHERE {SEEN.format("m")} AND m.superseded_at IS NULL AND m.missing_from <= to_when
            AND (m.found_at IS NULL OR m.missing_from > from_when);
    RETURN QUERY SELECT 'referred'::text, e.child_id,
            (SELECT min(f.known_from) FROM referrals_episodefact f WHERE f.episode_id = e.id),
            NULL::timestamptz, e.referred_on, e.reference::text
        FROM referrals_episode e
        WHERE {SEEN.format("e")} AND e.closed_on IS NULL AND e.level = '';
    RETURN QUERY SELECT 'told'::text, i.child_id, i.recorded_at, NULL::timestamptz, NULL::date, i.kind::text
        FROM referrals_information i JOIN referrals_episode e ON e.id = i.episode_id
        WHERE {SEEN.format("i")} AND i.recorded_at <= to_when AND e.closed_on IS NULL
            AND NOT EXISTS (SELECT FROM risk_risklevel l WHERE l.episode_id = i.episode_id
                AND l.superseded_at IS NULL AND l.known_from > i.recorded_at)
            AND EXISTS (SELECT FROM referrals_note n
                WHERE n.position = i.note AND n.child_id = i.child_id AND n.partnership_id = ours
                    AND n.superseded_at IS NULL AND (n.seen_by IN ('everybody', 'hub') OR (NOT for_the_hub
                    AND (n.author_id = me OR n.agency_id = mine
                        OR (n.seen_by = 'named' AND mine = ANY (n.for_agencies))))));
    RETURN QUERY SELECT 'due'::text, e.child_id, NULL::timestamptz, NULL::timestamptz, e.review_due_on, ''::text
        FROM referrals_episode e
        WHERE {SEEN.format("e")} AND e.closed_on IS NULL AND e.review_due_on <= on_day;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("risk", "0020_a_meeting_is_read_at_once")]

    operations = [
        migrations.RunSQL(
            ITEMS,
            "DROP FUNCTION risk_agenda_items("
            "bigint, bigint[], bigint, bigint, timestamptz, timestamptz, date, boolean);",
        ),
    ]
