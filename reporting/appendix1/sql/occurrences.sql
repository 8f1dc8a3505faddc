-- The suspect-management occurrences created in the window.
SELECT f.occurrence_id, f.created_on,
       CASE WHEN f.to_known_from <= %(known_at)s THEN f.closed_on END,
       d.date_of_birth, coalesce(d.gender, 'U'), coalesce(d.ethnicity, '')
FROM risk_occurrencefact f
LEFT JOIN risk_suspectdetails d ON d.suspect_id = f.suspect_id
 AND d.known_from <= %(known_at)s
 AND (d.superseded_at IS NULL OR d.superseded_at > %(known_at)s)
WHERE f.partnership_id = ANY(%(partnerships)s)
  AND f.created_on BETWEEN %(suspects_from)s AND %(suspects_to)s
  AND f.known_from <= %(known_at)s
  AND (f.superseded_at IS NULL OR f.superseded_at > %(known_at)s)
ORDER BY f.occurrence_id
