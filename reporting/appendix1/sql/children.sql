-- The children of the snapshot: details, statuses held or ended, and the address held on the day; what
-- stands on records that were joined to a child's by then is the child's, but who it is the kept one says.
SELECT d.child_id, d.partnership_id, d.date_of_birth, d.gender, d.ethnicity, d.learning_disability,
       coalesce(status.held, '{}'), coalesce(status.some_ended, false),
       address.child_id IS NOT NULL, coalesce(address.confidential, false),
       coalesce(address.out_of_area, false), coalesce(address.ward, '')
FROM referrals_childdetails d
CROSS JOIN LATERAL (
    SELECT ARRAY(
        SELECT d.child_id
        UNION ALL
        SELECT j.child_id
        FROM referrals_joining j
        WHERE j.kept_id = d.child_id
          AND j.known_from <= %(known_at)s
          AND (j.superseded_at IS NULL OR j.superseded_at > %(known_at)s)) AS numbers) records
LEFT JOIN LATERAL (
    SELECT array_agg(s.status::text) FILTER (
               WHERE s.to_date IS NULL OR s.to_date > %(day)s OR s.to_known_from > %(known_at)s) AS held,
           bool_or(s.to_date <= %(day)s AND s.to_known_from <= %(known_at)s) AS some_ended
    FROM referrals_carestatus s
    WHERE s.child_id = ANY(records.numbers)
      AND s.from_date <= %(day)s
      AND s.known_from <= %(known_at)s
      AND (s.superseded_at IS NULL OR s.superseded_at > %(known_at)s)) status ON true
LEFT JOIN LATERAL (
    SELECT a.child_id, a.confidential, a.out_of_area, a.ward
    FROM referrals_address a
    WHERE a.child_id = ANY(records.numbers)
      AND a.from_date <= %(day)s
      AND (a.to_date IS NULL OR a.to_date > %(day)s OR a.to_known_from > %(known_at)s)
      AND a.known_from <= %(known_at)s
      AND (a.superseded_at IS NULL OR a.superseded_at > %(known_at)s)
    ORDER BY a.from_date DESC, a.position DESC, a.id DESC
    LIMIT 1) address ON true
WHERE d.child_id = ANY(%(children)s)
  AND d.known_from <= %(known_at)s
  AND (d.superseded_at IS NULL OR d.superseded_at > %(known_at)s)
ORDER BY d.child_id
