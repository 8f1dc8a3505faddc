-- owed
WITH held AS (
    SELECT episode_id FROM referrals_allocation
    WHERE worker = %(username)s AND partnership_id = %(partnership)s AND superseded_at IS NULL
        AND from_date <= %(today)s AND (to_date IS NULL OR to_date > %(today)s)
),
thing (kind, number, due, child, name, reference) AS (
    SELECT 'check', k.id, k.due_at, k.child_id, '', '' FROM referrals_agencycheck k
    JOIN referrals_episode e ON e.id = k.episode_id AND e.closed_on IS NULL
    WHERE k.partnership_id = %(partnership)s AND k.agency_id = %(agency)s AND k.answered_at IS NULL
        AND k.withdrawn_at IS NULL AND NOT EXISTS (
            SELECT FROM risk_risklevel l
            WHERE l.episode_id = k.episode_id AND l.superseded_at IS NULL AND l.known_from > k.asked_at)
    UNION ALL
    SELECT 'action', id, (due_on + 1)::timestamp AT TIME ZONE 'Europe/London', child_id, '', ''
    FROM risk_meetingtask
    WHERE partnership_id = %(partnership)s AND agency_id = %(agency)s AND done_at IS NULL
    UNION ALL
    SELECT 'referral', id, (decide_by + 1)::timestamp AT TIME ZONE 'Europe/London', child_id,
        coalesce(nullif(trim(forenames || ' ' || surname), ''), nullif(other_names, ''), 'Not named'), reference
    FROM referrals_referral
    WHERE partnership_id = %(partnership)s AND child_id IS NULL AND decided_at IS NULL AND withdrawn_at IS NULL
    UNION ALL
    SELECT 'decision', e.id, (
            SELECT (min(r.decide_by) + 1)::timestamp AT TIME ZONE 'Europe/London' FROM referrals_referral r
            WHERE r.episode_id = e.id AND r.decided_at IS NULL AND r.withdrawn_at IS NULL), child_id, '', ''
    FROM referrals_episode e
    WHERE partnership_id = %(partnership)s AND closed_on IS NULL AND level = ''
        AND id IN (SELECT episode_id FROM held)
    UNION ALL
    SELECT 'feedback', id, (feedback_by + 1)::timestamp AT TIME ZONE 'Europe/London', child_id,
        coalesce(nullif(referrer_name, ''), nullif(agency, ''), 'Not named'), reference
    FROM referrals_referral
    WHERE partnership_id = %(partnership)s AND told_at IS NULL AND withdrawn_at IS NULL
        AND (child_id IS NOT NULL OR decided_at IS NOT NULL)
    UNION ALL
    SELECT 'view', p.id, %(panel)s::timestamptz, p.child_id, '', '' FROM risk_proposal p
    WHERE p.partnership_id = %(partnership)s AND p.state = 'open' AND NOT EXISTS (
        SELECT FROM risk_agencyview v
        WHERE v.proposal_id = p.id AND v.agency_id = %(agency)s AND v.superseded_at IS NULL)
    UNION ALL
    SELECT 'review', id, (review_due_on + 1)::timestamp AT TIME ZONE 'Europe/London', child_id, '', ''
    FROM referrals_episode
    WHERE partnership_id = %(partnership)s AND closed_on IS NULL AND level <> ''
        AND review_due_on <= %(today)s + 7 AND id IN (SELECT episode_id FROM held)
    UNION ALL
    SELECT 'disagreement', id, (due_on + 1)::timestamp AT TIME ZONE 'Europe/London', child_id, '', ''
    FROM referrals_disagreement
    WHERE partnership_id = %(partnership)s AND superseded_at IS NULL AND state = 'open'
        AND %(agency)s IN (raised_by_id, against_id)
),
counted AS (
    SELECT jsonb_object_agg(kind, many) AS many, sum(late)::int AS late
    FROM (SELECT kind, count(*) AS many, count(*) FILTER (WHERE due <= now()) AS late FROM thing GROUP BY kind) k
),
page AS (SELECT * FROM thing ORDER BY due, kind, number LIMIT 25)
SELECT p.kind, p.due, coalesce(nullif(p.name, ''), c.surname || ', ' || c.forenames) AS name,
    coalesce(nullif(p.reference, ''), c.reference) AS reference, n.many, n.late
FROM page p CROSS JOIN counted n LEFT JOIN referrals_child c ON c.id = p.child
ORDER BY p.due, p.kind, p.number

-- panels
SELECT every, weeks, weekdays, since FROM risk_meetingseries
WHERE partnership_id = %(partnership)s AND settles AND since <= %(today)s AND (until IS NULL OR until >= %(today)s)

-- covers
SELECT user_id FROM partners_absence
WHERE cover_id = %(user)s AND starts_on <= %(today)s AND ends_on >= %(today)s
