-- The partnerships' own wards; where boundary sets overlap the latest names the ward.
SELECT p.partnership_id, w.code, w.name, w.constituency
FROM partners_partnership_boundary_sets p
JOIN partners_boundaryset b ON b.id = p.boundaryset_id
JOIN partners_ward w ON w.boundary_set_id = b.id
WHERE p.partnership_id = ANY(%(partnerships)s)
ORDER BY b.valid_from
