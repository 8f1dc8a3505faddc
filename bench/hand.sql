-- The tables of the Appendix 1 report as one would write them by hand for one partnership, as known
-- now: the floor that the report's time is compared with. One statement a table.
-- episodes
SELECT count(*), count(*) FILTER (WHERE referred_on < %(year_start)s), count(DISTINCT child_id)
FROM referrals_episodefact
WHERE partnership_id = %(partnership)s AND superseded_at IS NULL AND referred_on <= %(year_end)s
  AND (closed_on IS NULL OR closed_on >= %(year_start)s)
-- closed
SELECT closure_reason, count(*)
FROM referrals_episodefact
WHERE partnership_id = %(partnership)s AND superseded_at IS NULL
  AND closed_on BETWEEN %(year_start)s AND %(year_end)s
GROUP BY 1
-- open at the end
SELECT count(*)
FROM referrals_episodefact
WHERE partnership_id = %(partnership)s AND superseded_at IS NULL AND referred_on <= %(year_end)s
  AND (closed_on IS NULL OR closed_on > %(year_end)s)
-- not at risk at referral
SELECT count(*), count(*) FILTER (WHERE f.referred_on >= %(year_start)s)
FROM referrals_episodefact f
CROSS JOIN LATERAL (
    SELECT level FROM risk_risklevel l
    WHERE l.episode_id = f.episode_id AND l.superseded_at IS NULL
    ORDER BY set_on, position LIMIT 1) first
WHERE f.partnership_id = %(partnership)s AND f.superseded_at IS NULL AND f.referred_on <= %(year_end)s
  AND (f.closed_on IS NULL OR f.closed_on >= %(year_start)s) AND first.level = 'NO_RISK'
-- children repeated
SELECT count(*) FROM (
    SELECT child_id
    FROM referrals_episodefact
    WHERE partnership_id = %(partnership)s AND superseded_at IS NULL AND referred_on <= %(year_end)s
      AND (closed_on IS NULL OR closed_on >= %(year_start)s)
    GROUP BY 1 HAVING count(*) > 1) repeated
-- referred again
SELECT count(*)
FROM referrals_episodefact f
WHERE f.partnership_id = %(partnership)s AND f.superseded_at IS NULL
  AND f.referred_on BETWEEN %(year_start)s AND %(year_end)s
  AND EXISTS (SELECT FROM referrals_episodefact e
              WHERE e.child_id = f.child_id AND e.superseded_at IS NULL
                AND e.referred_on < f.referred_on
                AND e.closed_on BETWEEN f.referred_on - 366 AND f.referred_on)
-- sources
SELECT referral_source, count(*)
FROM referrals_episodefact
WHERE partnership_id = %(partnership)s AND superseded_at IS NULL
  AND referred_on BETWEEN %(year_start)s AND %(year_end)s
GROUP BY 1
-- quarters of two years
SELECT date_trunc('quarter', referred_on), count(*)
FROM referrals_episodefact
WHERE partnership_id = %(partnership)s AND superseded_at IS NULL
  AND referred_on BETWEEN %(year_start)s::date - 366 AND %(year_end)s
GROUP BY 1
-- age and gender
SELECT d.gender, extract(year FROM age(f.referred_on, d.date_of_birth)), count(*)
FROM referrals_episodefact f
JOIN referrals_childdetails d ON d.child_id = f.child_id AND d.superseded_at IS NULL
WHERE f.partnership_id = %(partnership)s AND f.superseded_at IS NULL
  AND f.referred_on BETWEEN %(year_start)s AND %(year_end)s
GROUP BY 1, 2
-- the snapshot: level, gender, ethnicity, status, ward of each child, and its later level
WITH open_then AS (
    SELECT DISTINCT ON (f.child_id) f.child_id, l.level
    FROM referrals_episodefact f
    LEFT JOIN LATERAL (
        SELECT level, set_on FROM risk_risklevel l
        WHERE l.episode_id = f.episode_id AND l.superseded_at IS NULL AND l.set_on <= %(snapshot)s
        ORDER BY set_on DESC, position DESC LIMIT 1) l ON true
    WHERE f.partnership_id = %(partnership)s AND f.superseded_at IS NULL
      AND f.referred_on <= %(snapshot)s AND (f.closed_on IS NULL OR f.closed_on > %(snapshot)s)
    ORDER BY f.child_id, l.set_on DESC NULLS LAST
), open_later AS (
    SELECT DISTINCT ON (f.child_id) f.child_id, l.level
    FROM referrals_episodefact f
    LEFT JOIN LATERAL (
        SELECT level, set_on FROM risk_risklevel l
        WHERE l.episode_id = f.episode_id AND l.superseded_at IS NULL AND l.set_on <= %(movement_to)s
        ORDER BY set_on DESC, position DESC LIMIT 1) l ON true
    WHERE f.partnership_id = %(partnership)s AND f.superseded_at IS NULL
      AND f.referred_on <= %(movement_to)s AND (f.closed_on IS NULL OR f.closed_on > %(movement_to)s)
    ORDER BY f.child_id, l.set_on DESC NULLS LAST
), people AS (
    SELECT o.child_id, o.level, later.level AS later, d.gender, d.ethnicity, d.date_of_birth,
           (SELECT min(CASE s.status WHEN 'LAC' THEN 1 WHEN 'CP' THEN 2 ELSE 3 END)
            FROM referrals_carestatus s
            WHERE s.child_id = o.child_id AND s.superseded_at IS NULL AND s.from_date <= %(snapshot)s
              AND (s.to_date IS NULL OR s.to_date > %(snapshot)s)) AS held,
           EXISTS (SELECT FROM referrals_carestatus s
                   WHERE s.child_id = o.child_id AND s.superseded_at IS NULL
                     AND s.to_date <= %(snapshot)s) AS ended,
           (SELECT CASE WHEN confidential THEN 'c' WHEN out_of_area THEN 'o' ELSE ward END
            FROM referrals_address a
            WHERE a.child_id = o.child_id AND a.superseded_at IS NULL AND a.from_date <= %(snapshot)s
              AND (a.to_date IS NULL OR a.to_date > %(snapshot)s)
            ORDER BY from_date DESC, position DESC LIMIT 1) AS area
    FROM open_then o
    JOIN referrals_childdetails d ON d.child_id = o.child_id AND d.superseded_at IS NULL
    LEFT JOIN open_later later ON later.child_id = o.child_id
)
SELECT grouping(level, later, gender, ethnicity, held, ended, area), level, later, gender, ethnicity,
       held, ended, area, count(*)
FROM people
GROUP BY GROUPING SETS ((level), (level, gender), (ethnicity), (held, ended), (held, ended, level),
                        (area, level), (level, later))
-- crimes
WITH crimes AS (
    SELECT f.crime_id, f.offence_code, f.cse_tag, f.offence_date,
           coalesce(f.victim_date_of_birth, d.date_of_birth) AS born,
           coalesce(nullif(f.victim_gender, ''), d.gender) AS gender,
           (SELECT outcome FROM risk_crimeoutcome o
            WHERE o.crime_id = f.crime_id AND o.superseded_at IS NULL LIMIT 1) AS outcome,
           (SELECT count(*) FROM risk_crimesuspect s
            WHERE s.crime_id = f.crime_id AND s.superseded_at IS NULL) AS suspects
    FROM risk_crimefact f
    LEFT JOIN referrals_childdetails d ON d.child_id = f.victim_child_id AND d.superseded_at IS NULL
    WHERE f.partnership_id = %(partnership)s AND f.superseded_at IS NULL
      AND f.offence_date BETWEEN %(year_start)s AND %(year_end)s
)
SELECT grouping(outcome, suspects, gender), cse_tag, outcome, suspects, gender, count(*)
FROM crimes
WHERE age(offence_date, born) < interval '18 years'
GROUP BY GROUPING SETS ((cse_tag), (cse_tag, outcome), (cse_tag, suspects), (cse_tag, gender))
-- offender ages by victim age
SELECT extract(year FROM age(f.offence_date, d.date_of_birth)),
       width_bucket(extract(year FROM age(f.offence_date, s.date_of_birth)), ARRAY[18, 25, 36, 46]),
       count(*)
FROM risk_crimefact f
JOIN risk_crimesuspect l ON l.crime_id = f.crime_id AND l.superseded_at IS NULL
JOIN risk_suspectdetails s ON s.suspect_id = l.suspect_id AND s.superseded_at IS NULL
LEFT JOIN referrals_childdetails d ON d.child_id = f.victim_child_id AND d.superseded_at IS NULL
WHERE f.partnership_id = %(partnership)s AND f.superseded_at IS NULL AND f.cse_tag
  AND f.offence_date BETWEEN %(year_start)s AND %(year_end)s
GROUP BY 1, 2
-- missing
SELECT count(*), count(DISTINCT child_id), count(found_at), count(return_interview_on),
       count(*) FILTER (WHERE return_interview_on - (found_at AT TIME ZONE 'Europe/London')::date <= 3)
FROM referrals_missingepisode
WHERE partnership_id = %(partnership)s AND superseded_at IS NULL
  AND missing_from >= %(year_start)s::date AND missing_from < %(year_end)s::date + 1
-- suspects under management
SELECT grouping(s.gender, s.ethnicity), s.gender, s.ethnicity, count(*),
       count(*) FILTER (WHERE f.closed_on IS NULL OR f.closed_on > %(year_end)s)
FROM risk_occurrencefact f
JOIN risk_suspectdetails s ON s.suspect_id = f.suspect_id AND s.superseded_at IS NULL
WHERE f.partnership_id = %(partnership)s AND f.superseded_at IS NULL
  AND f.created_on BETWEEN %(year_start)s AND %(year_end)s
GROUP BY GROUPING SETS ((s.gender), (s.ethnicity))
