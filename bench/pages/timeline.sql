-- timeline
WITH fact AS (
    SELECT f.*, e.reference FROM referrals_episodefact f
    JOIN referrals_episode e ON e.id = f.episode_id
    WHERE f.child_id = %(child)s AND f.partnership_id = %(partnership)s AND f.superseded_at IS NULL
),
level AS (
    SELECT l.*, s.label, s.rank, fact.reference,
        lag(s.rank) OVER of_episode AS rank_before, lag(s.label) OVER of_episode AS label_before
    FROM fact JOIN risk_risklevel l ON l.episode_id = fact.episode_id
    JOIN risk_scalelevel s ON s.scale_id = l.scale_id AND s.code = l.level
    WHERE l.superseded_at IS NULL
    WINDOW of_episode AS (PARTITION BY l.episode_id ORDER BY l.set_on, l.position, l.id)
),
event (kind, day, at, title, detail, code, level, known_from, reference) AS (
    SELECT 'episodes', referred_on, NULL::timestamptz, 'Referred to the hub', '', referral_source,
        NULL, known_from, reference FROM fact
    UNION ALL
    SELECT 'episodes', closed_on, NULL, 'Episode closed', '', closure_reason, NULL,
        coalesce(to_known_from, known_from), reference FROM fact WHERE closed_on IS NOT NULL
    UNION ALL
    SELECT 'levels', set_on, NULL, 'Level set: ' || CASE
            WHEN rank_before IS NULL THEN 'first level'
            WHEN rank_before = rank THEN 'confirmed, as before'
            WHEN rank > rank_before THEN '▲ up from ' || label_before
            ELSE '▼ down from ' || label_before
        END, rationale, '', level, known_from, reference FROM level
    UNION ALL
    SELECT 'reviews', r.due_on, NULL, 'Review due', '', '', NULL, NULL, fact.reference
    FROM fact JOIN risk_review r ON r.episode_id = fact.episode_id
    WHERE r.superseded_at IS NULL AND (r.done_on IS NULL OR r.done_on > r.due_on)
    UNION ALL
    SELECT 'reviews', r.done_on, NULL, 'Review done',
        'It was due on ' || to_char(r.due_on, 'FMDD Mon YYYY') || '.', '', NULL,
        coalesce(r.to_known_from, r.known_from), fact.reference
    FROM fact JOIN risk_review r ON r.episode_id = fact.episode_id
    WHERE r.superseded_at IS NULL AND r.done_on IS NOT NULL
    UNION ALL
    SELECT 'people', a.from_date, NULL,
        a.worker_name || CASE WHEN a.lead THEN ' leads from this day' ELSE ' works with the child from this day' END,
        '', '', NULL, a.known_from, fact.reference
    FROM fact JOIN referrals_allocation a ON a.episode_id = fact.episode_id WHERE a.superseded_at IS NULL
    UNION ALL
    SELECT 'people', a.to_date, NULL, a.worker_name || ' handed over', '', '', NULL,
        coalesce(a.to_known_from, a.known_from), fact.reference
    FROM fact JOIN referrals_allocation a ON a.episode_id = fact.episode_id
    WHERE a.superseded_at IS NULL AND a.to_date IS NOT NULL
    UNION ALL
    SELECT 'services', r.referred_on, NULL, 'Asked: ' || s.name, '', '', NULL, r.known_from, fact.reference
    FROM fact JOIN referrals_servicereferral r ON r.episode_id = fact.episode_id
    LEFT JOIN partners_service s ON s.partnership_id = r.partnership_id AND s.code = r.service
    WHERE r.superseded_at IS NULL
    UNION ALL
    SELECT 'services', r.started_on, NULL, 'Support began: ' || s.name, '', '', NULL, NULL, fact.reference
    FROM fact JOIN referrals_servicereferral r ON r.episode_id = fact.episode_id
    LEFT JOIN partners_service s ON s.partnership_id = r.partnership_id AND s.code = r.service
    WHERE r.superseded_at IS NULL AND r.started_on IS NOT NULL
    UNION ALL
    SELECT 'services', r.ended_on, NULL, 'Support ended: ' || s.name, '', '', NULL,
        coalesce(r.to_known_from, r.known_from), fact.reference
    FROM fact JOIN referrals_servicereferral r ON r.episode_id = fact.episode_id
    LEFT JOIN partners_service s ON s.partnership_id = r.partnership_id AND s.code = r.service
    WHERE r.superseded_at IS NULL AND r.ended_on IS NOT NULL
    UNION ALL
    SELECT 'addresses', held.day, NULL, held.title,
        concat_ws(', ', nullif(a.line, ''), nullif(a.postcode, '')), a.ward, NULL, held.known_from,
        concat_ws(', ', CASE WHEN a.out_of_area THEN 'out of the area' END,
            CASE WHEN a.confidential THEN 'confidential' END)
    FROM referrals_address a CROSS JOIN LATERAL (VALUES
        (a.from_date, 'Address', a.known_from),
        (a.to_date, 'Address left', coalesce(a.to_known_from, a.known_from))
    ) AS held (day, title, known_from)
    WHERE a.child_id = %(child)s AND a.partnership_id = %(partnership)s AND a.superseded_at IS NULL
    UNION ALL
    SELECT 'statuses', held.day, NULL, CASE s.status
            WHEN 'CIN' THEN 'Child in need' WHEN 'CP' THEN 'Child-protection plan' ELSE 'Looked after'
        END || held.title, '', '', NULL, held.known_from, ''
    FROM referrals_carestatus s CROSS JOIN LATERAL (VALUES
        (s.from_date, ': from this day', s.known_from),
        (s.to_date, ': ended', coalesce(s.to_known_from, s.known_from))
    ) AS held (day, title, known_from)
    WHERE s.child_id = %(child)s AND s.partnership_id = %(partnership)s AND s.superseded_at IS NULL
    UNION ALL
    SELECT 'missing', (held.at AT TIME ZONE 'Europe/London')::date, held.at, held.title,
        CASE WHEN held.title = 'Found' THEN m.missing_from::text ELSE '' END, '', NULL, held.known_from, m.reference
    FROM referrals_missingepisode m CROSS JOIN LATERAL (VALUES
        (m.missing_from, CASE WHEN m.category = 'ABSENT' THEN 'Absent' ELSE 'Missing' END, m.known_from),
        (m.found_at, 'Found', coalesce(m.to_known_from, m.known_from))
    ) AS held (at, title, known_from)
    WHERE m.child_id = %(child)s AND m.partnership_id = %(partnership)s AND m.superseded_at IS NULL
    UNION ALL
    SELECT 'missing', m.return_interview_on, NULL, 'Return home interview',
        CASE WHEN m.return_interview_accepted IS FALSE THEN 'Offered, declined' ELSE 'Held' END,
        '', NULL, coalesce(m.interview_known_from, m.known_from), m.reference
    FROM referrals_missingepisode m
    WHERE m.child_id = %(child)s AND m.partnership_id = %(partnership)s AND m.superseded_at IS NULL
        AND m.return_interview_on IS NOT NULL
)
SELECT kind, day, at, title, detail, code, level, reference,
    CASE WHEN (known_from AT TIME ZONE 'Europe/London')::date > day + 1
        THEN (known_from AT TIME ZONE 'Europe/London')::date END AS recorded_on
FROM event WHERE day <= %(today)s
ORDER BY day DESC, to_char(at AT TIME ZONE 'Europe/London', 'HH24:MI') DESC NULLS LAST, title LIKE 'Referred%%'
