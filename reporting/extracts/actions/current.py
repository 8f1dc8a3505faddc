"""The current values on children and episodes: set when they are entered, corrected when facts change.

Of levels and lead workers the one counts that holds today; of reviews the earliest that is not done; a
closed episode has none due.
"""

from reporting.extracts.actions.sql import Params, fill, make, run

TODAY = "(%(moment)s::timestamptz AT TIME ZONE 'Europe/London')::date"
NOW = """
    coalesce(l.level, '') AS level, l.set_on AS level_set_on,
    CASE WHEN e.closed_on IS NULL THEN r.due_on END AS review_due_on,
    coalesce(a.worker, '') AS lead_worker
"""
JOINS = """
    LEFT JOIN (
        SELECT DISTINCT ON (episode_id) episode_id, level, set_on FROM $levels
        WHERE $standing AND set_on <= $today
        ORDER BY episode_id, set_on DESC, $place DESC
    ) l ON l.episode_id = e.episode_id
    LEFT JOIN (
        SELECT episode_id, min(due_on) AS due_on FROM $reviews
        WHERE $standing AND done_on IS NULL GROUP BY episode_id
    ) r ON r.episode_id = e.episode_id
    LEFT JOIN (
        SELECT DISTINCT ON (episode_id) episode_id, coalesce(nullif(worker_name, ''), worker) AS worker
        FROM $allocations
        WHERE $standing AND lead AND from_date <= $today AND (to_date IS NULL OR to_date > $today)
        ORDER BY episode_id, from_date DESC, $place DESC
    ) a ON a.episode_id = e.episode_id
"""
OF_EXTRACT = fill(
    JOINS,
    levels="typed_risk_levels",
    reviews="typed_reviews",
    allocations="typed_allocations",
    standing="true",
    place="place",
    today=TODAY,
)
OF_FACTS = fill(
    JOINS,
    levels="risk_risklevel",
    reviews="risk_review",
    allocations="referrals_allocation",
    standing="superseded_at IS NULL AND episode_id IN (SELECT id FROM episodes_before)",
    place="position",
    today=TODAY,
)


def insert_children(params: Params) -> None:
    """Enter the children who are not there yet."""
    run(
        """
        INSERT INTO referrals_child
            (partnership_id, reference, forenames, surname, date_of_birth, gender)
        SELECT %(partnership)s, child_id, forenames, surname, date_of_birth, gender
        FROM typed_children t
        WHERE NOT EXISTS (SELECT FROM on_record_children c WHERE c.reference = t.child_id)
        """,
        params,
    )


def insert_episodes(params: Params) -> None:
    """Enter the episodes that are not there yet; of those, all facts are the extract's own."""
    run(
        """
        INSERT INTO referrals_episode (partnership_id, reference, child_id, referred_on, closed_on,
            level, level_set_on, review_due_on, lead_worker)
        SELECT %(partnership)s, e.episode_id, c.id, e.referred_on, e.closed_on, $now
        FROM typed_episodes e
        JOIN referrals_child c ON c.partnership_id = %(partnership)s AND c.reference = e.child_id
        $joins
        WHERE NOT EXISTS (SELECT FROM on_record_episodes x WHERE x.reference = e.episode_id)
        """,
        params,
        now=NOW,
        joins=OF_EXTRACT,
    )


def refresh(params: Params) -> None:
    """Correct the current values of those who were there before, where their facts now say otherwise."""
    _refresh_children(params)
    before = make(
        "episodes_before",
        """
        SELECT id FROM referrals_episode WHERE partnership_id = %(partnership)s
            AND reference IN (SELECT episode_id FROM standing_referrals_episodefact)
        """,
        params,
    )
    if before:
        _refresh_episodes(params)


def _refresh_children(params: Params) -> None:
    run(
        """
        UPDATE referrals_child c
        SET forenames = d.forenames, surname = d.surname, date_of_birth = d.date_of_birth,
            gender = d.gender
        FROM referrals_childdetails d
        WHERE d.child_id = c.id AND d.superseded_at IS NULL AND c.partnership_id = %(partnership)s
            AND c.reference IN (SELECT child_id FROM standing_referrals_childdetails)
            AND (c.forenames, c.surname, c.date_of_birth, c.gender)
                IS DISTINCT FROM (d.forenames, d.surname, d.date_of_birth, d.gender)
        """,
        params,
    )


def _refresh_episodes(params: Params) -> None:
    run(
        """
        UPDATE referrals_episode x
        SET child_id = n.child_id, referred_on = n.referred_on, closed_on = n.closed_on,
            level = n.level, level_set_on = n.level_set_on, review_due_on = n.review_due_on,
            lead_worker = n.lead_worker
        FROM (
            SELECT e.episode_id, e.child_id, e.referred_on, e.closed_on, $now
            FROM referrals_episodefact e $joins
            WHERE e.superseded_at IS NULL AND e.episode_id IN (SELECT id FROM episodes_before)
        ) n
        WHERE x.id = n.episode_id
            AND (x.child_id, x.referred_on, x.closed_on, x.level, x.level_set_on, x.review_due_on,
                x.lead_worker)
            IS DISTINCT FROM (n.child_id, n.referred_on, n.closed_on, n.level, n.level_set_on,
                n.review_due_on, n.lead_worker)
        """,
        params,
        now=NOW,
        joins=OF_FACTS,
    )
