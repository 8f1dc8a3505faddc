"""A case as one sees it who works by reference: what the report counts, and no word that may name somebody.

It runs as the owner, as row security hides no columns, and of a child that the function of references shows
(referrals/migrations/0031). The age is in years: a day that is given from outside would tell the birthday.
"""

from django.db import migrations

TODAY = "(statement_timestamp() AT TIME ZONE 'Europe/London')::date"
ROWS = "coalesce((SELECT json_agg(row_to_json(x)) FROM ({0}) x), '[]')"
STATUSES = ROWS.format(
    """SELECT s.status AS what, s.from_date, s.to_date FROM referrals_carestatus s
        WHERE s.child_id = c.id AND s.superseded_at IS NULL ORDER BY s.from_date DESC, s.position DESC, s.id DESC"""
)
LEVELS = ROWS.format(
    """SELECT l.level, l.set_on FROM risk_risklevel l
        WHERE l.episode_id = e.id AND l.superseded_at IS NULL ORDER BY l.set_on DESC, l.position DESC, l.id DESC"""
)
REVIEWS = ROWS.format(
    """SELECT r.due_on, r.done_on FROM risk_review r
        WHERE r.episode_id = e.id AND r.superseded_at IS NULL ORDER BY r.due_on DESC, r.position DESC, r.id DESC"""
)
SERVICES = ROWS.format(
    """SELECT coalesce(s.name, '') AS service, r.outcome, r.referred_on, r.ended_on
        FROM referrals_servicereferral r
        LEFT JOIN partners_service s ON s.partnership_id = r.partnership_id AND s.code = r.service
        WHERE r.episode_id = e.id AND r.superseded_at IS NULL ORDER BY r.referred_on DESC, r.position DESC, r.id DESC"""
)
EPISODES = ROWS.format(
    f"""SELECT e.reference, f.referred_on, f.closed_on, f.referral_source, f.closure_reason, f.exploitation_types,
            {LEVELS} AS levels, {REVIEWS} AS reviews, {SERVICES} AS services
        FROM referrals_episode e JOIN referrals_episodefact f ON f.episode_id = e.id AND f.superseded_at IS NULL
        WHERE e.child_id = c.id ORDER BY f.referred_on DESC, e.id DESC"""
)
READ = f"""
CREATE FUNCTION risk_case_by_reference(asked bigint) RETURNS text LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT json_build_object(
        'reference', c.reference,
        'age', date_part('year', age({TODAY}, c.date_of_birth))::int,
        'gender', c.gender,
        'ethnicity', coalesce((SELECT d.ethnicity FROM referrals_childdetails d
            WHERE d.child_id = c.id AND d.superseded_at IS NULL ORDER BY d.position DESC, d.id DESC LIMIT 1), ''),
        'home', (SELECT json_build_object('ward', CASE WHEN a.confidential THEN '' ELSE a.ward END,
                'out_of_area', a.out_of_area, 'confidential', a.confidential)
            FROM referrals_address a WHERE a.child_id = c.id AND a.superseded_at IS NULL
                AND a.from_date <= {TODAY} AND (a.to_date IS NULL OR a.to_date > {TODAY})
            ORDER BY a.confidential DESC, a.from_date DESC, a.position DESC, a.id DESC LIMIT 1),
        'statuses', {STATUSES},
        'missing', (SELECT count(*) FROM referrals_missingepisode m
            WHERE m.child_id = c.id AND m.superseded_at IS NULL),
        'interviews', (SELECT count(m.return_interview_on) FROM referrals_missingepisode m
            WHERE m.child_id = c.id AND m.superseded_at IS NULL),
        'episodes', {EPISODES})::text
    FROM referrals_child c WHERE c.id IN (SELECT r.id FROM referrals_by_reference(ARRAY[asked], '') r)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("risk", "0009_a_case_is_read_at_once"), ("referrals", "0031_who_a_child_is")]

    operations = [migrations.RunSQL(READ, "DROP FUNCTION risk_case_by_reference(bigint);")]
