-- The episodes open at the end of a day, each with the latest level set on it by then.
SELECT f.episode_id, coalesce(j.kept_id, f.child_id), level.level, level.set_on
FROM referrals_episodefact f
LEFT JOIN referrals_joining j ON j.child_id = f.child_id
 AND j.known_from <= %(known_at)s
 AND (j.superseded_at IS NULL OR j.superseded_at > %(known_at)s)
LEFT JOIN LATERAL (
    SELECT l.level, l.set_on
    FROM risk_risklevel l
    WHERE l.episode_id = f.episode_id
      AND l.set_on <= %(day)s
      AND l.known_from <= %(known_at)s
      AND (l.superseded_at IS NULL OR l.superseded_at > %(known_at)s)
    ORDER BY l.set_on DESC, l.position DESC, l.id DESC
    LIMIT 1) level ON true
WHERE f.partnership_id = ANY(%(partnerships)s)
  AND f.referred_on <= %(day)s
  AND (f.closed_on IS NULL OR f.closed_on > %(day)s OR f.to_known_from > %(known_at)s)
  AND f.known_from <= %(known_at)s
  AND (f.superseded_at IS NULL OR f.superseded_at > %(known_at)s)
  AND (f.exploitation_types = '{}' AND 'CSE' = ANY(%(types)s::varchar[])
       OR f.exploitation_types && %(types)s::varchar[])
ORDER BY f.episode_id
