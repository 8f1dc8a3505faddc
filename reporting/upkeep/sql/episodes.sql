-- Put right the episodes, or the one episode, whose current columns say otherwise than their facts on a day.
WITH facts AS (
    SELECT f.episode_id, f.child_id, f.referred_on, f.closed_on,
           coalesce(level.level, '') AS level, level.set_on,
           CASE WHEN f.closed_on IS NULL THEN review.due_on END AS due_on,
           coalesce(lead.name, '') AS lead, c.date_of_birth AS born, c.reference AS bears
    FROM referrals_episodefact f
    JOIN referrals_child c ON c.id = f.child_id
    LEFT JOIN LATERAL (
        SELECT l.level, l.set_on
        FROM risk_risklevel l
        WHERE l.episode_id = f.episode_id AND l.superseded_at IS NULL AND l.set_on <= %(today)s
        ORDER BY l.set_on DESC, l.position DESC
        LIMIT 1) level ON true
    LEFT JOIN LATERAL (
        SELECT min(r.due_on) AS due_on
        FROM risk_review r
        WHERE r.episode_id = f.episode_id AND r.superseded_at IS NULL AND r.done_on IS NULL) review ON true
    LEFT JOIN LATERAL (
        SELECT coalesce(nullif(a.worker_name, ''), a.worker) AS name
        FROM referrals_allocation a
        WHERE a.episode_id = f.episode_id AND a.superseded_at IS NULL AND a.lead
          AND a.from_date <= %(today)s AND (a.to_date IS NULL OR a.to_date > %(today)s)
        ORDER BY a.from_date DESC, a.position DESC
        LIMIT 1) lead ON true
    WHERE f.superseded_at IS NULL
)
UPDATE referrals_episode e
SET child_id = f.child_id, referred_on = f.referred_on, closed_on = f.closed_on, level = f.level,
    level_set_on = f.set_on, review_due_on = f.due_on, lead_worker = f.lead, child_born = f.born, child_reference = f.bears
FROM facts f
WHERE f.episode_id = e.id
  AND (e.child_id, e.referred_on, e.closed_on, e.level, e.level_set_on, e.review_due_on, e.lead_worker,
       e.child_born, e.child_reference)
      IS DISTINCT FROM (f.child_id, f.referred_on, f.closed_on, f.level, f.set_on, f.due_on, f.lead, f.born, f.bears)
  AND (%(only)s::bigint IS NULL OR e.id = %(only)s)
RETURNING e.reference
