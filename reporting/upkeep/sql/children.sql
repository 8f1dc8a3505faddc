-- Put right the children, or the one child, whose current columns say otherwise than their facts.
UPDATE referrals_child c
SET forenames = d.forenames, surname = d.surname, date_of_birth = d.date_of_birth, gender = d.gender
FROM referrals_childdetails d
WHERE d.child_id = c.id AND d.superseded_at IS NULL
  AND (c.forenames, c.surname, c.date_of_birth, c.gender)
      IS DISTINCT FROM (d.forenames, d.surname, d.date_of_birth, d.gender)
  AND (%(only)s::bigint IS NULL OR c.id = %(only)s)
RETURNING c.reference
