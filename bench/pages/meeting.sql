-- meeting
SELECT m.version, m.finished_at, s.name, r.name AS recorder, coalesce(c.name, '') AS chair
FROM risk_meeting m JOIN risk_meetingseries s ON s.id = m.series_id
JOIN hub_user r ON r.id = m.recorder_id LEFT JOIN hub_user c ON c.id = m.chair_id
WHERE m.id = %(meeting)s AND m.partnership_id = %(partnership)s

-- items
SELECT i.id, i."group", i.why, i.state, i.version, i.child_id, i.episode_id, i.proposal_id,
    c.forenames, c.surname, c.reference, c.date_of_birth,
    date_part('year', age(%(today)s, c.date_of_birth))::int AS age,
    e.level, e.level_set_on, e.lead_worker, d.outcome, d.effect
FROM risk_meetingitem i
JOIN referrals_child c ON c.id = i.child_id JOIN referrals_episode e ON e.id = i.episode_id
LEFT JOIN risk_meetingdecision d ON d.item_id = i.id AND d.superseded_at IS NULL
WHERE i.meeting_id = %(meeting)s AND i.partnership_id = %(partnership)s
ORDER BY i.number

-- seats
SELECT a.id, a.name, a.kind <> 'board' AS sits, EXISTS (
    SELECT FROM risk_attendance t
    WHERE t.meeting_id = %(meeting)s AND t.agency_id = a.id AND t.left_at IS NULL) AS there
FROM partners_agency a WHERE a.partnership_id = %(partnership)s ORDER BY a.name

-- asked
SELECT episode_id, count(*) AS asked, count(answered_at) AS answered FROM referrals_agencycheck
WHERE episode_id IN (SELECT episode_id FROM risk_meetingitem WHERE meeting_id = %(meeting)s)
    AND partnership_id = %(partnership)s AND withdrawn_at IS NULL
GROUP BY episode_id

-- unlisted
SELECT c.id, c.surname || ', ' || c.forenames AS name, c.reference, m.missing_from, m.found_at
FROM risk_meeting here JOIN risk_meetingseries s ON s.id = here.series_id
JOIN referrals_missingepisode m ON m.partnership_id = here.partnership_id AND m.superseded_at IS NULL
    AND (m.found_at IS NULL OR m.missing_from > %(since)s) AND m.missing_from <= %(until)s
JOIN referrals_child c ON c.id = m.child_id
WHERE here.id = %(meeting)s AND here.partnership_id = %(partnership)s AND NOT EXISTS (
    SELECT FROM referrals_episode e WHERE e.child_id = c.id AND e.closed_on IS NULL)
ORDER BY (m.found_at IS NULL), m.missing_from, c.id

-- waiting_places
SELECT r.reference, r.address, r.postcode, r.description, p.because, p.for_day FROM risk_placeforward p
JOIN referrals_referral r ON r.id = p.referral_id AND r.about = 'place' AND r.withdrawn_at IS NULL
WHERE p.partnership_id = %(partnership)s AND p.superseded_at IS NULL AND p.discussed_on IS NULL
    AND p.for_day <= %(today)s

-- scale
SELECT l.code, l.label, l.rank FROM risk_scalelevel l ORDER BY l.scale_id, l.rank

-- held
SELECT DISTINCT status FROM referrals_carestatus
WHERE child_id = %(child)s AND partnership_id = %(partnership)s AND superseded_at IS NULL
    AND from_date <= %(today)s AND (to_date IS NULL OR to_date > %(today)s)
ORDER BY status

-- nth
SELECT count(*) AS place FROM referrals_episode e JOIN referrals_episode own ON own.id = %(episode)s
WHERE e.child_id = %(child)s AND e.partnership_id = %(partnership)s
    AND (e.referred_on, e.id) <= (own.referred_on, own.id)

-- looked
SELECT max(a.at) AS at FROM hub_auditevent a JOIN risk_meeting m ON m.id = %(meeting)s
WHERE a.user_id = %(user)s AND a.what = 'child' AND a.reference = %(reference)s
    AND a.verb = 'consultation' AND a.at < m.opened_at

-- checks
SELECT g.name AS agency, k.due_at, k.answered_at, a.knows, a.text, a.sources FROM referrals_agencycheck k
JOIN partners_agency g ON g.id = k.agency_id
LEFT JOIN referrals_checkanswer a ON a.asked_id = k.id AND a.superseded_at IS NULL
WHERE k.episode_id = %(episode)s AND k.partnership_id = %(partnership)s AND k.withdrawn_at IS NULL
ORDER BY k.asked_at

-- discussion
SELECT n.text, n.known_from, n.seen_by, u.name AS author, g.name AS agency FROM referrals_note n
JOIN hub_user u ON u.id = n.author_id LEFT JOIN partners_agency g ON g.id = n.agency_id
WHERE n.episode_id = %(episode)s AND n.partnership_id = %(partnership)s AND n.superseded_at IS NULL
    AND n.kind = 'meeting' AND n.happened_on = %(today)s
ORDER BY n.known_from, n.id

-- before
SELECT l.set_on, l.level, l.rationale, e.reference FROM risk_risklevel l
JOIN referrals_episode e ON e.id = l.episode_id
WHERE e.child_id = %(child)s AND l.partnership_id = %(partnership)s AND l.superseded_at IS NULL
ORDER BY l.set_on DESC, l.position DESC, l.id DESC LIMIT 10

-- gone
SELECT count(*) AS times FROM referrals_missingepisode
WHERE child_id = %(child)s AND partnership_id = %(partnership)s AND superseded_at IS NULL
    AND missing_from >= now() - make_interval(days => %(days)s)

-- support
SELECT coalesce(s.name, r.service) AS name FROM referrals_servicereferral r
LEFT JOIN partners_service s ON s.partnership_id = r.partnership_id AND s.code = r.service
WHERE r.episode_id = %(episode)s AND r.partnership_id = %(partnership)s AND r.superseded_at IS NULL
    AND r.ended_on IS NULL
ORDER BY r.referred_on

-- tasks
SELECT t.what, t.due_on, g.name AS agency FROM risk_meetingtask t JOIN partners_agency g ON g.id = t.agency_id
WHERE t.child_id = %(child)s AND t.partnership_id = %(partnership)s AND t.done_at IS NULL

-- stands
SELECT DISTINCT ON (matter) matter, state FROM referrals_measure
WHERE episode_id = %(episode)s AND partnership_id = %(partnership)s AND superseded_at IS NULL
ORDER BY matter, "on" DESC, id DESC

-- difficulty
SELECT EXISTS (SELECT FROM referrals_childdetails
    WHERE child_id = %(child)s AND superseded_at IS NULL AND learning_disability) AS found

-- proposal
SELECT p.kind, p.from_level, p.to_level, p.words, p.exit_plan, p.proposed_at, u.name AS by
FROM risk_proposal p JOIN hub_user u ON u.id = p.proposed_by_id
WHERE p.id = %(proposal)s AND p.partnership_id = %(partnership)s

-- views
SELECT g.name AS agency, v.opinion, v.level, v.words FROM risk_agencyview v
JOIN partners_agency g ON g.id = v.agency_id
WHERE v.proposal_id = %(proposal)s AND v.superseded_at IS NULL ORDER BY g.name
