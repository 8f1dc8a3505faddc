-- The suspects linked to crimes, each once, with their dates of birth where they were known.
SELECT DISTINCT ON (l.crime_id, l.suspect_id) l.crime_id, d.date_of_birth
FROM risk_crimesuspect l
LEFT JOIN risk_suspectdetails d ON d.suspect_id = l.suspect_id
 AND d.known_from <= %(known_at)s
 AND (d.superseded_at IS NULL OR d.superseded_at > %(known_at)s)
WHERE l.crime_id = ANY(%(crimes)s)
  AND l.known_from <= %(known_at)s
  AND (l.superseded_at IS NULL OR l.superseded_at > %(known_at)s)
ORDER BY l.crime_id, l.suspect_id
