-- The episodes that can count: dealt with in the year, new in the year before, or closed within the
-- 366 days before the year (for "re-referred"). A closing counts only if it was known by then; a record
-- that was joined to another by then counts as that child.
WITH episodes AS (
    SELECT f.episode_id, coalesce(j.kept_id, f.child_id) AS child_id, f.referred_on, f.referral_source,
           CASE WHEN f.to_known_from <= %(known_at)s THEN f.closed_on END AS closed_on,
           CASE WHEN f.to_known_from <= %(known_at)s THEN f.closure_reason ELSE '' END AS closure_reason
    FROM referrals_episodefact f
    LEFT JOIN referrals_joining j ON j.child_id = f.child_id
     AND j.known_from <= %(known_at)s
     AND (j.superseded_at IS NULL OR j.superseded_at > %(known_at)s)
    WHERE f.partnership_id = ANY(%(partnerships)s)
      AND f.referred_on <= %(year_end)s
      AND f.known_from <= %(known_at)s
      AND (f.superseded_at IS NULL OR f.superseded_at > %(known_at)s)
      AND (f.exploitation_types = '{}' AND 'CSE' = ANY(%(types)s::varchar[])
           OR f.exploitation_types && %(types)s::varchar[])
)
SELECT e.episode_id, e.child_id, e.referred_on, e.closed_on, e.closure_reason, e.referral_source,
       d.date_of_birth, d.gender,
       (SELECT l.level
        FROM risk_risklevel l
        WHERE l.episode_id = e.episode_id
          AND l.known_from <= %(known_at)s
          AND (l.superseded_at IS NULL OR l.superseded_at > %(known_at)s)
        ORDER BY l.set_on, l.position, l.id
        LIMIT 1)
FROM episodes e
JOIN referrals_childdetails d ON d.child_id = e.child_id
 AND d.known_from <= %(known_at)s
 AND (d.superseded_at IS NULL OR d.superseded_at > %(known_at)s)
WHERE e.closed_on IS NULL OR e.closed_on >= %(closed_since)s
ORDER BY e.episode_id
