-- draft
SELECT d.address, d.content, d.saved_at FROM hub_draft d
WHERE d.owner_id = %(user)s AND d.address = ANY (%(addresses)s)

-- lately_missing
SELECT m.child_id, m.missing_from, m.found_at FROM referrals_missingepisode m
WHERE m.partnership_id = %(partnership)s AND m.superseded_at IS NULL AND m.missing_from <= %(until)s
    AND (m.found_at IS NULL OR m.missing_from > %(since)s)

-- referred
SELECT e.child_id, e.reference, e.referred_on,
    (SELECT min(f.known_from) FROM referrals_episodefact f WHERE f.episode_id = e.id) AS known
FROM referrals_episode e
WHERE e.partnership_id = %(partnership)s AND e.closed_on IS NULL AND e.level = ''

-- told
SELECT i.child_id, i.kind, i.recorded_at FROM referrals_information i
JOIN referrals_note n ON n.position = i.note AND n.child_id = i.child_id AND n.superseded_at IS NULL
JOIN referrals_episode e ON e.id = i.episode_id AND e.closed_on IS NULL
WHERE i.partnership_id = %(partnership)s AND i.recorded_at <= %(until)s AND NOT EXISTS (
    SELECT FROM risk_risklevel l
    WHERE l.episode_id = i.episode_id AND l.superseded_at IS NULL AND l.known_from > i.recorded_at)

-- due
SELECT e.child_id, e.review_due_on FROM referrals_episode e
WHERE e.partnership_id = %(partnership)s AND e.closed_on IS NULL AND e.review_due_on <= %(day)s

-- joined
SELECT j.child_id, j.kept_id FROM referrals_joining j
WHERE j.partnership_id = %(partnership)s AND j.superseded_at IS NULL

-- waiting
SELECT r.id, r.reference, r.about, r.received_at, r.route, r.decide_by, count(*) OVER () AS every
FROM referrals_referral r
WHERE r.partnership_id = %(partnership)s AND r.child_id IS NULL AND r.decided_at IS NULL
    AND r.withdrawn_at IS NULL AND r.received_at <= %(until)s
ORDER BY r.received_at, r.id LIMIT %(most)s

-- listed
SELECT c.id, c.surname, c.forenames, c.date_of_birth, c.reference, e.id AS episode_id, e.level,
    e.level_set_on, e.lead_worker, e.closed_on, e.referred_on, d.learning_disability
FROM referrals_child c JOIN referrals_childdetails d ON d.child_id = c.id AND d.superseded_at IS NULL
LEFT JOIN referrals_episode e ON e.child_id = c.id
WHERE c.id = ANY (%(children)s) ORDER BY e.referred_on, e.id

-- checked
SELECT k.episode_id, g.name, k.answered_at, k.due_at FROM referrals_agencycheck k
JOIN partners_agency g ON g.id = k.agency_id
WHERE k.episode_id = ANY (%(episodes)s) AND k.withdrawn_at IS NULL

-- matters
SELECT DISTINCT ON (episode_id, matter) episode_id, matter, state FROM referrals_measure
WHERE episode_id = ANY (%(episodes)s) AND superseded_at IS NULL
ORDER BY episode_id, matter, "on" DESC, position DESC, id DESC

-- forward
SELECT p.id, p.because, p.for_day, r.address, r.postcode FROM risk_placeforward p
JOIN referrals_referral r ON r.id = p.referral_id AND r.about = 'place'
WHERE p.partnership_id = %(partnership)s AND p.superseded_at IS NULL AND p.discussed_on IS NULL
    AND p.for_day <= %(day)s

-- described
SELECT r.reference, r.forenames, r.surname, r.other_names, r.date_of_birth, r.age_about, r.gender,
    r.school, r.address, r.postcode, r.nhs_number, r.upn, r.description
FROM referrals_referral r WHERE r.id = %(referral)s AND r.partnership_id = %(partnership)s

-- alike
SELECT c.id, c.reference, c.forenames, c.surname, c.date_of_birth, c.gender,
    ARRAY(SELECT a.name FROM referrals_alias a WHERE a.child_id = c.id AND a.superseded_at IS NULL
        ORDER BY a.position)::text[] AS aliases
FROM referrals_child c WHERE c.partnership_id = %(partnership)s AND c.id = ANY (
    (SELECT referrals_alike(%(names)s::text[], %(born)s, ARRAY[]::text[], %(partnership)s, %(most)s))::bigint[])

-- judged
SELECT e.child_id, e.reference, e.referred_on, e.closed_on, coalesce(l.level, '') AS level, l.set_on,
    coalesce(l.rationale, '') AS rationale
FROM referrals_episode e LEFT JOIN LATERAL (
    SELECT * FROM risk_risklevel l WHERE l.episode_id = e.id AND l.superseded_at IS NULL
    ORDER BY l.set_on DESC, l.position DESC LIMIT 1) l ON true
WHERE e.child_id = ANY (%(children)s) ORDER BY e.referred_on DESC, e.id DESC
