"""Counting what an import does, file by file, and the headline figures before and after."""

from typing import Any

from reporting.extracts.actions.sql import number, rows
from reporting.extracts.actions.staging import AllStaged, Staged
from reporting.extracts.rules.facts import FACTS, IDENTITIES
from reporting.extracts.rules.layout import FILE
from reporting.extracts.rules.outcome import FileCounts, Headline

NAMES = {
    "children": "children",
    "episodes": "episodes",
    "crimes": "crimes",
    "suspects": "suspects",
    "suspect_occurrences": "suspect occurrences",
}
"""File to the headline that counts its subjects."""

LEVELS_NOW = """
    SELECT reference AS episode_id, level FROM referrals_episode
    WHERE partnership_id = %(partnership)s
"""
LEVELS_AFTER = """
    SELECT DISTINCT ON (episode_id) episode_id, level FROM (
        SELECT o.episode_id, o.level, o.set_on, o.place FROM standing_risk_risklevel o
        WHERE NOT EXISTS (SELECT FROM diff_risk_risklevel d
            WHERE d.old_id = o.id AND d.deed IN ('changed', 'withdrawn'))
        UNION ALL
        SELECT t.episode_id, t.level, t.set_on, t.place FROM typed_risk_levels t
        LEFT JOIN diff_risk_risklevel d USING (line_no)
        WHERE d.line_no IS NULL OR d.deed = 'changed'
    ) l
    WHERE set_on <= (now() AT TIME ZONE 'Europe/London')::date
    ORDER BY episode_id, set_on DESC, place DESC
"""
LEVELS = ("HIGH", "MEDIUM", "LOW", "NO_RISK", "")


def count_files(staged: AllStaged) -> list[FileCounts]:
    """Give each file's line of the reconciliation."""
    refused = _found("row", "DISTINCT line")
    warnings = _found("warning", "*")
    counted = [_count(state) for state in staged.values() if state.there]
    for counts in counted:
        counts.refused = refused.get(counts.file, 0)
        counts.warnings = warnings.get(counts.file, 0)
    return counted


def _found(kind: str, what: str) -> dict[str, int]:
    return dict(
        rows(
            "SELECT file, count($what) FROM import_faults WHERE kind = %(kind)s GROUP BY file",
            {"kind": kind},
            what=what,
        )
    )


def _count(state: Staged) -> FileCounts:
    """Count rows by what becomes of them; one row may bring two facts (a crime and its outcome)."""
    file = state.file
    tables = [fact.table for fact in FACTS if fact.file == file.name]
    found = rows(
        """
        SELECT CASE WHEN 'conflict' = ANY(deeds) THEN 'held_back' WHEN 'new' = ALL(deeds) THEN 'new'
            WHEN 'unchanged' = ALL(deeds) THEN 'unchanged' ELSE 'changed' END, count(*)
        FROM (SELECT ARRAY[$deeds] AS deeds FROM typed_$file t $joins) d GROUP BY 1
        """,
        file=file.name,
        deeds=", ".join(f"coalesce(d_{table}.deed, 'new')" for table in tables),
        joins=" ".join(
            f"LEFT JOIN diff_{table} d_{table} ON d_{table}.line_no = t.line_no" for table in tables
        ),
    )
    withdrawn = sum(
        number("SELECT count(*) FROM diff_$table WHERE deed = 'withdrawn'", table=table)
        for table in tables
    )
    return FileCounts(
        file.csv, read=state.rows, withdrawn=withdrawn, sha256=state.sha256, **dict(found)
    )


def foresee(staged: AllStaged, partnership_id: int, before: Headline) -> Headline:
    """Give the headline figures as they would be after the import, without writing anything."""
    after = dict(before)
    for file, table in IDENTITIES.items():
        after[NAMES[file]] += number(
            """
            SELECT count(*) FROM typed_$file WHERE $id NOT IN
                (SELECT reference FROM $table WHERE partnership_id = %(partnership)s)
            """,
            {"partnership": partnership_id},
            file=file,
            id=FILE[file].own_id,
            table=table,
        )
    for level, more in _open_episodes_moved(staged, partnership_id):
        after["open episodes"] += more
        after[_open_at(level)] = after.get(_open_at(level), 0) + more
    return after


def _open_episodes_moved(staged: AllStaged, partnership_id: int) -> list[tuple[Any, ...]]:
    """Give each level with how many more (or fewer) of the extract's episodes will be open at it."""
    return rows(
        """
        SELECT level, sum(more) FROM (
            SELECT level, -1 AS more FROM referrals_episode
            WHERE partnership_id = %(partnership)s AND closed_on IS NULL
                AND reference IN (SELECT episode_id FROM typed_episodes)
            UNION ALL
            SELECT coalesce(l.level, ''), 1
            FROM typed_episodes t
            LEFT JOIN diff_referrals_episodefact d USING (line_no)
            LEFT JOIN standing_referrals_episodefact o ON o.id = d.old_id
            LEFT JOIN ($levels) l ON l.episode_id = t.episode_id
            WHERE CASE WHEN d.line_no IS NULL OR (d.deed IN ('changed', 'ended') AND $tells)
                THEN t.closed_on ELSE o.closed_on END IS NULL
        ) moved GROUP BY level HAVING sum(more) <> 0
        """,
        {"partnership": partnership_id},
        levels=LEVELS_AFTER if staged["risk_levels"].there else LEVELS_NOW,
        tells="true" if staged["episodes"].has("closed_on") else "false",
    )


def headline(partnership_id: int) -> Headline:
    """Count the partnership's children, episodes, open ones by level, crimes, suspects, occurrences."""
    params = {"partnership": partnership_id}
    count = "SELECT count(*) FROM $table WHERE partnership_id = %(partnership)s"
    by_level = dict(
        rows(
            """
            SELECT level, count(*) FROM referrals_episode
            WHERE partnership_id = %(partnership)s AND closed_on IS NULL GROUP BY level
            """,
            params,
        )
    )
    return {
        "children": number(count, params, table="referrals_child"),
        "episodes": number(count, params, table="referrals_episode"),
        "open episodes": sum(by_level.values()),
        **{_open_at(level): by_level.get(level, 0) for level in LEVELS},
        "crimes": number(count, params, table="risk_crime"),
        "suspects": number(count, params, table="risk_suspect"),
        "suspect occurrences": number(count, params, table="risk_suspectoccurrence"),
    }


def _open_at(level: str) -> str:
    return f"open, {level or 'level not set'}"
