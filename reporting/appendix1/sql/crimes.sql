-- The crimes with their offence in the year: victim by the row's own details, else by the child's.
SELECT f.crime_id, f.offence_code, f.offence_date, f.cse_tag,
       coalesce((SELECT o.outcome
                 FROM risk_crimeoutcome o
                 WHERE o.crime_id = f.crime_id
                   AND o.known_from <= %(known_at)s
                   AND (o.superseded_at IS NULL OR o.superseded_at > %(known_at)s)
                 ORDER BY o.outcome_on DESC NULLS LAST, o.position DESC, o.id DESC
                 LIMIT 1), 'NEW'),
       coalesce(f.victim_date_of_birth, d.date_of_birth),
       coalesce(nullif(f.victim_gender, ''), d.gender, 'U')
FROM risk_crimefact f
LEFT JOIN referrals_joining j ON j.child_id = f.victim_child_id
 AND j.known_from <= %(known_at)s
 AND (j.superseded_at IS NULL OR j.superseded_at > %(known_at)s)
LEFT JOIN referrals_childdetails d ON d.child_id = coalesce(j.kept_id, f.victim_child_id)
 AND d.known_from <= %(known_at)s
 AND (d.superseded_at IS NULL OR d.superseded_at > %(known_at)s)
WHERE f.partnership_id = ANY(%(partnerships)s)
  AND f.offence_date BETWEEN %(year_start)s AND %(year_end)s
  AND f.known_from <= %(known_at)s
  AND (f.superseded_at IS NULL OR f.superseded_at > %(known_at)s)
ORDER BY f.crime_id
