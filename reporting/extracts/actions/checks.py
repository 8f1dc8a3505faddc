"""Checking every staged row in the database: cells, unique ids, references, dates in order, oddities."""

from collections.abc import Callable
from itertools import islice

from referrals.children.rules.check_digits import nhs_number_checks, upn_checks
from reporting.extracts.actions.cells import checks_of, value_of
from reporting.extracts.actions.faults import add, find
from reporting.extracts.actions.sql import every, fill, listed, make, run, stream
from reporting.extracts.actions.staging import BATCH, AllStaged, Staged
from reporting.extracts.rules.facts import FACTS, IDENTITIES
from reporting.extracts.rules.layout import FILE, File
from reporting.extracts.rules.outcome import Fault

ALREADY_BAD = """
    SELECT FROM import_faults f
    WHERE f.kind = 'row' AND f.file = '$csv' AND f.line = s.line_no AND f.col IN (c.col, 'row')
"""


def check_all(staged: AllStaged, partnership_id: int) -> None:
    """Find every fault and every oddity; the typed tables of all files are there afterwards."""
    for state in staged.values():
        if state.there:
            _check_cells(state)
        _type(state.file)
    for state in staged.values():
        if state.there:
            _check_ids(state.file)
            _check_references(state, staged, partnership_id)
            _check_order(state.file)
    _check_births(partnership_id)
    _warn(staged)


# --- cells ------------------------------------------------------------------------------------


def _check_cells(state: Staged) -> None:
    """List the cells that are not what their column holds, and blank them for the checks to come.

    Where a row or cell has a fault already (its bytes, its number of cells), that one is enough.
    """
    checks = [check for name in state.columns for check in checks_of(state.file.column(name))]
    if not checks:
        return
    params = {name: value for check in checks for name, value in check.params.items()}
    names = {
        "csv": state.file.csv,
        "file": state.file.name,
        "all_hold": " AND ".join(f"({check.holds})" for check in checks),
    }
    found = find(
        """
        SELECT 'row', '$csv', s.line_no, c.col, c.problem, c.value
        FROM (SELECT * FROM staged_$file WHERE NOT ($all_hold)) s
        CROSS JOIN LATERAL (VALUES $checks) c (col, problem, value, holds)
        WHERE NOT c.holds AND NOT EXISTS ($already)
        """,
        params,
        checks=listed(check.as_row for check in checks),
        already=fill(ALREADY_BAD, csv=state.file.csv),
        **names,
    )
    if found or state.has_broken_rows:
        kept = listed(check.as_kept for check in checks if check.params)
        run("UPDATE staged_$file SET $kept WHERE NOT ($all_hold)", params, kept=kept, **names)


def _type(file: File) -> None:
    """Make the file's typed table, each row with its place among its equals."""
    place = "1"
    if file.equals:
        place = f"row_number() OVER (PARTITION BY {listed(file.equals)} ORDER BY line_no)"
    make(
        f"typed_{file.name}",
        """
        SELECT line_no, ($place)::int AS place, $columns
        FROM (SELECT line_no, $values FROM staged_$file) valued
        """,
        place=place,
        columns=listed(column.name for column in file.columns),
        values=listed(f"{value_of(column)} AS {column.name}" for column in file.columns),
        file=file.name,
    )


# --- between rows and files -------------------------------------------------------------------


def _check_ids(file: File) -> None:
    """An id may be given once: every later row with it is a fault."""
    if file.own_id:
        find(
            """
            SELECT 'row', '$csv', t.line_no, '$c', 'is given already on line ' || first.line, t.$c
            FROM typed_$file t JOIN (
                SELECT $c, min(line_no) AS line FROM typed_$file WHERE $c <> ''
                GROUP BY $c HAVING count(*) > 1
            ) first USING ($c)
            WHERE t.line_no > first.line
            """,
            csv=file.csv,
            file=file.name,
            c=file.own_id,
        )


IN_ITS_FILE = "SELECT FROM typed_$parent p WHERE p.$id = t.$c"
ON_RECORD = """
    SELECT FROM $identities p WHERE p.partnership_id = %(partnership)s AND p.reference = t.$c
"""


def _check_references(state: Staged, staged: AllStaged, partnership_id: int) -> None:
    """What a row names must be there: in its own file, or on record where that file is absent."""
    for column in state.file.references:
        parent = staged[column.refers]
        if not state.has(column.name) or (parent.there and not parent.has(parent.file.own_id)):
            continue
        problem = f"is not in {parent.file.csv}"
        if not parent.there:
            problem = f"is not on record, and there is no {parent.file.csv}"
        names = {
            "csv": state.file.csv,
            "file": state.file.name,
            "c": column.name,
            "parent": parent.file.name,
            "id": parent.file.own_id,
            "identities": IDENTITIES[parent.file.name],
        }
        find(
            """
            SELECT 'row', '$csv', t.line_no, '$c', %(problem)s, t.$c FROM typed_$file t
            WHERE t.$c <> '' AND NOT EXISTS ($there)
            """,
            {"problem": problem, "partnership": partnership_id},
            there=fill(IN_ITS_FILE if parent.there else ON_RECORD, **names),
            **names,
        )


def _check_order(file: File) -> None:
    """An end before its start is a fault; other dates out of order are oddities."""
    pairs = [("row", *pair) for pair in file.in_order]
    pairs += [("warning", *pair) for pair in file.odd_order]
    for kind, first, second in pairs:
        find(
            """
            SELECT '$kind', '$csv', t.line_no, '$second', 'lies before $first', s.$second
            FROM typed_$file t JOIN staged_$file s USING (line_no) WHERE t.$second < t.$first
            """,
            kind=kind,
            csv=file.csv,
            file=file.name,
            first=first,
            second=second,
        )


def _check_births(partnership_id: int) -> None:
    """Nobody is referred before being born: not in this extract, and not by an episode on record."""
    find(
        """
        SELECT 'row', 'children.csv', c.line_no, 'date_of_birth',
            'lies after the first referral, ' || first.day, c.date_of_birth
        FROM typed_children c JOIN (
            SELECT child_id, min(referred_on) AS day FROM (
                SELECT child_id, referred_on FROM typed_episodes
                UNION ALL
                SELECT k.reference, e.referred_on
                FROM referrals_episode e JOIN referrals_child k ON k.id = e.child_id
                WHERE e.partnership_id = %(partnership)s
                    AND k.reference IN (SELECT child_id FROM typed_children)
                    AND e.reference NOT IN (SELECT episode_id FROM typed_episodes)
            ) referrals GROUP BY child_id
        ) first USING (child_id)
        WHERE c.date_of_birth > first.day
        """,
        {"partnership": partnership_id},
    )


def check_kept_ends(staged: AllStaged) -> None:
    """Where a file leaves out the column of an end, the end on record stays: it must fit the new start."""
    for fact in FACTS:
        state = staged[fact.file]
        for first, second in FILE[fact.file].in_order:
            if state.there and not state.has(second) and first in fact.values:
                find(
                    """
                    SELECT 'row', '$csv', t.line_no, '$first', 'lies after $second on record', t.$first
                    FROM typed_$file t JOIN standing_$table o ON $same WHERE o.$second < t.$first
                    """,
                    csv=state.file.csv,
                    file=state.file.name,
                    table=fact.table,
                    first=first,
                    second=second,
                    same=every((fact.subject,), "t.{0} = o.{0}"),
                )


# --- oddities ---------------------------------------------------------------------------------

LEVEL_OUTSIDE_EPISODE = """
    SELECT 'warning', 'risk_levels.csv', l.line_no, 'set_on',
        CASE WHEN l.set_on > e.closed_on THEN 'lies after the closing of the episode, ' || e.closed_on
        ELSE 'lies before the referral of the episode, ' || e.referred_on END, l.set_on
    FROM typed_risk_levels l JOIN typed_episodes e USING (episode_id)
    WHERE l.set_on > e.closed_on OR l.set_on < e.referred_on
"""
EPISODES_OVERLAP = """
    SELECT 'warning', 'episodes.csv', line_no, 'referred_on', 'another episode of the child was open',
        referred_on
    FROM (
        SELECT line_no, referred_on, max(coalesce(closed_on, 'infinity')) OVER (
            PARTITION BY child_id ORDER BY referred_on, line_no
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS until
        FROM typed_episodes WHERE child_id <> ''
    ) e
    WHERE until > referred_on
"""
REASON_WITHOUT_CLOSING = """
    SELECT 'warning', 'episodes.csv', line_no, 'closure_reason', 'is given without closed_on',
        closure_reason
    FROM typed_episodes WHERE closure_reason <> '' AND closed_on IS NULL
"""
LINKED_TWICE = """
    SELECT 'warning', 'crime_suspects.csv', line_no, 'suspect_id', 'is linked to the crime already',
        suspect_id
    FROM typed_crime_suspects WHERE place > 1
"""


def _warn(staged: AllStaged) -> None:
    """List what is odd but happens."""
    for query in (LEVEL_OUTSIDE_EPISODE, EPISODES_OVERLAP, LINKED_TWICE):
        find(query)
    if staged["episodes"].has("closed_on"):
        find(REASON_WITHOUT_CLOSING)
    for column, checks in (("nhs_number", nhs_number_checks), ("upn", upn_checks)):
        if staged["children"].has(column):
            _warn_of_check_digits(column, checks)


def _warn_of_check_digits(column: str, checks: Callable[[str], bool]) -> None:
    """Check digits are arithmetic, so they are checked here, number by number."""
    with stream("SELECT line_no, $c FROM typed_children WHERE $c <> ''", c=column) as found:
        wrong = (
            Fault("children.csv", line, column, "has a wrong check digit", value)
            for line, value in found
            if not checks(value)
        )
        while batch := list(islice(wrong, BATCH)):
            add("warning", batch)
