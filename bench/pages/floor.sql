-- workers
SELECT DISTINCT lead_worker FROM referrals_episode
WHERE partnership_id = %(partnership)s AND closed_on IS NULL AND lead_worker <> '' ORDER BY 1

-- open
SELECT count(*) FROM referrals_episode WHERE partnership_id = %(partnership)s AND closed_on IS NULL

-- caseload
SELECT e.reference, c.id AS child_id, c.reference AS child_reference,
    c.surname || ', ' || c.forenames AS name,
    date_part('year', age(%(today)s, c.date_of_birth))::int AS age,
    e.level, e.level_set_on, e.referred_on, e.review_due_on, e.lead_worker,
    ARRAY(
        SELECT coalesce(s.name, r.service) FROM referrals_servicereferral r
        LEFT JOIN partners_service s ON s.partnership_id = r.partnership_id AND s.code = r.service
        WHERE r.episode_id = e.id AND r.superseded_at IS NULL AND r.outcome = 'ACCEPTED'
            AND r.ended_on IS NULL
        ORDER BY r.service
    ) AS services
FROM referrals_episode e JOIN referrals_child c ON c.id = e.child_id
WHERE e.partnership_id = %(partnership)s AND e.closed_on IS NULL
ORDER BY e.review_due_on NULLS LAST, e.id LIMIT 50

-- saved
SELECT name, query FROM referrals_savedfilter WHERE user_id = %(user)s ORDER BY name

-- matches
SELECT c.id, c.reference, c.surname || ', ' || c.forenames AS name, c.date_of_birth AS born,
    date_part('year', age(%(today)s, c.date_of_birth))::int AS age,
    referrals_name_parts(c.forenames, c.surname) @@ to_tsquery('simple', %(parts)s) AS by_name,
    ARRAY(
        SELECT a.name FROM referrals_alias a
        WHERE a.child_id = c.id AND a.superseded_at IS NULL
            AND referrals_name_parts(a.name, '') @@ to_tsquery('simple', %(parts)s)
        ORDER BY a.position
    ) AS aliases,
    ARRAY(
        SELECT e.reference || ' ' || e.level FROM referrals_episode e
        WHERE e.child_id = c.id AND e.closed_on IS NULL ORDER BY e.referred_on DESC, e.id DESC
    ) AS episodes,
    c.total
FROM (
    SELECT *, count(*) OVER () AS total FROM referrals_child
    WHERE partnership_id = %(partnership)s AND (
        referrals_name_parts(forenames, surname) @@ to_tsquery('simple', %(parts)s)
        OR id = ANY (ARRAY(
            SELECT child_id FROM referrals_alias
            WHERE superseded_at IS NULL
                AND referrals_name_parts(name, '') @@ to_tsquery('simple', %(parts)s)
        ))
    )
    ORDER BY surname, forenames, id LIMIT 25
) AS c
ORDER BY c.surname, c.forenames, c.id

-- child
SELECT d.forenames || ' ' || d.surname AS name, c.reference, d.date_of_birth AS born,
    date_part('year', age(%(today)s, d.date_of_birth))::int AS age,
    d.gender, d.ethnicity, d.learning_disability, d.nhs_number, d.upn,
    (SELECT count(*) FROM referrals_episode WHERE child_id = c.id AND closed_on IS NOT NULL) AS closed
FROM referrals_child c
JOIN referrals_childdetails d ON d.child_id = c.id AND d.superseded_at IS NULL
WHERE c.id = %(child)s AND c.partnership_id = %(partnership)s

-- episodes
SELECT e.id, e.reference, e.referred_on, e.level, e.level_set_on,
    l.rationale, l.rank, before.rank AS rank_before, before.label AS label_before,
    (
        SELECT min(r.due_on) FROM risk_review r
        WHERE r.episode_id = e.id AND r.superseded_at IS NULL AND r.done_on IS NULL
    ) AS review_due_on
FROM referrals_episode e
LEFT JOIN LATERAL (
    SELECT l.rationale, s.rank FROM risk_risklevel l
    JOIN risk_scalelevel s ON s.scale_id = l.scale_id AND s.code = l.level
    WHERE l.episode_id = e.id AND l.superseded_at IS NULL
    ORDER BY l.set_on DESC, l.position DESC LIMIT 1
) AS l ON true
LEFT JOIN LATERAL (
    SELECT s.rank, s.label FROM risk_risklevel l
    JOIN risk_scalelevel s ON s.scale_id = l.scale_id AND s.code = l.level
    WHERE l.episode_id = e.id AND l.superseded_at IS NULL
    ORDER BY l.set_on DESC, l.position DESC OFFSET 1 LIMIT 1
) AS before ON true
WHERE e.child_id = %(child)s AND e.partnership_id = %(partnership)s AND e.closed_on IS NULL
ORDER BY e.referred_on DESC, e.id DESC

-- helpers
SELECT a.worker_name, g.name AS agency, a.agency AS code, a.lead, a.from_date, e.reference
FROM referrals_allocation a
JOIN referrals_episode e ON e.id = a.episode_id AND e.closed_on IS NULL
LEFT JOIN partners_agency g ON g.partnership_id = a.partnership_id AND g.code = a.agency
WHERE e.child_id = %(child)s AND a.partnership_id = %(partnership)s AND a.superseded_at IS NULL
    AND a.from_date <= %(today)s AND (a.to_date IS NULL OR a.to_date > %(today)s)
ORDER BY a.lead DESC, a.from_date DESC, a.position DESC, a.id DESC

-- services
SELECT s.name AS service, e.reference AS episode, r.referred_on, r.outcome, r.started_on
FROM referrals_servicereferral r
JOIN referrals_episode e ON e.id = r.episode_id
LEFT JOIN partners_service s ON s.partnership_id = r.partnership_id AND s.code = r.service
WHERE e.child_id = %(child)s AND r.partnership_id = %(partnership)s AND r.superseded_at IS NULL
    AND r.referred_on <= %(today)s AND r.outcome IN ('ACCEPTED', 'WAITING') AND r.ended_on IS NULL
ORDER BY r.referred_on DESC, r.position DESC, r.id DESC

-- address
SELECT concat_ws(', ', nullif(line, ''), nullif(postcode, '')) AS place, ward, from_date,
    concat_ws(', ', CASE WHEN out_of_area THEN 'out of the area' END,
        CASE WHEN confidential THEN 'confidential' END) AS note
FROM referrals_address
WHERE child_id = %(child)s AND partnership_id = %(partnership)s AND superseded_at IS NULL
    AND from_date <= %(today)s AND (to_date IS NULL OR to_date > %(today)s)
ORDER BY from_date DESC, position DESC, id DESC LIMIT 1

-- statuses
SELECT status, from_date FROM referrals_carestatus
WHERE child_id = %(child)s AND partnership_id = %(partnership)s AND superseded_at IS NULL
    AND from_date <= %(today)s AND (to_date IS NULL OR to_date > %(today)s)
ORDER BY from_date DESC, position DESC, id DESC

-- aliases
SELECT name, kind FROM referrals_alias
WHERE child_id = %(child)s AND partnership_id = %(partnership)s AND superseded_at IS NULL
ORDER BY position, id

-- corrected
SELECT known_from, superseded_at, reason FROM referrals_childdetails
WHERE child_id = %(child)s AND partnership_id = %(partnership)s
UNION ALL
SELECT known_from, superseded_at, reason FROM referrals_alias
WHERE child_id = %(child)s AND partnership_id = %(partnership)s
ORDER BY known_from

-- notes
SELECT n.position, n.happened_on, n.text, n.own_words, n.kind, u.name FROM referrals_note n
JOIN hub_user u ON u.id = n.author_id
WHERE n.child_id = %(child)s AND n.partnership_id = %(partnership)s AND n.superseded_at IS NULL
    AND n.happened_on <= %(today)s
ORDER BY n.happened_on DESC, n.position DESC LIMIT 3

-- words
SELECT happened_on, own_words FROM referrals_note
WHERE child_id = %(child)s AND partnership_id = %(partnership)s AND superseded_at IS NULL
    AND happened_on <= %(today)s AND own_words <> ''
ORDER BY happened_on DESC, position DESC LIMIT 1

-- calling
SELECT name, relation, telephone, preferred FROM referrals_persontocall
WHERE child_id = %(child)s AND partnership_id = %(partnership)s AND superseded_at IS NULL
    AND from_date <= %(today)s AND (to_date IS NULL OR to_date > %(today)s)
ORDER BY preferred DESC, position

-- missing
SELECT reference, missing_from, found_at FROM referrals_missingepisode
WHERE child_id = %(child)s AND partnership_id = %(partnership)s AND superseded_at IS NULL
ORDER BY missing_from DESC, id DESC
