-- The missing episodes that began on a Europe/London day of the year.
SELECT m.id, coalesce(j.kept_id, m.child_id),
       CASE WHEN m.to_known_from <= %(known_at)s
            THEN (m.found_at AT TIME ZONE 'Europe/London')::date END,
       CASE WHEN m.interview_known_from <= %(known_at)s THEN m.return_interview_on END
FROM referrals_missingepisode m
LEFT JOIN referrals_joining j ON j.child_id = m.child_id
 AND j.known_from <= %(known_at)s
 AND (j.superseded_at IS NULL OR j.superseded_at > %(known_at)s)
WHERE m.partnership_id = ANY(%(partnerships)s)
  AND m.missing_from >= (%(year_start)s::date)::timestamp AT TIME ZONE 'Europe/London'
  AND m.missing_from < (%(year_end)s::date + 1)::timestamp AT TIME ZONE 'Europe/London'
  AND m.known_from <= %(known_at)s
  AND (m.superseded_at IS NULL OR m.superseded_at > %(known_at)s)
ORDER BY m.id
