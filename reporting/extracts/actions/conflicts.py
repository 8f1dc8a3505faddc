"""Listing, for a person to settle, the rows that say otherwise than a fact recorded in the hub."""

from reporting.extracts.actions.sql import Params, fill, number, run
from reporting.extracts.actions.staging import AllStaged, Staged
from reporting.extracts.rules.facts import FACTS, Fact

LONGEST_KEY = 200
# Listed once: while it waits, and for good where a person kept what the hub still says.
NEW = """
    SELECT DISTINCT ON (key, in_extract) found.* FROM (
        SELECT left($key, $longest) AS key, $extract AS in_extract, $hub AS in_hub,
            d.old_id AS fact_id, t.place
        FROM diff_$table d JOIN typed_$file t USING (line_no)
            JOIN standing_$table o ON o.id = d.old_id
        WHERE d.deed = 'conflict'
    ) found
    WHERE NOT EXISTS (
        SELECT FROM reporting_importconflict c WHERE c.partnership_id = %(partnership)s
            AND c."table" = '$file' AND c.key = found.key AND c.in_extract = found.in_extract
            AND (c.settled_at IS NULL OR (c.in_hub = found.in_hub AND c.stands <> 'extract'))
    )
    ORDER BY key, in_extract, place
"""


def count_conflicts() -> int:
    """Count the rows that are held back."""
    return sum(
        number("SELECT count(*) FROM diff_$table WHERE deed = 'conflict'", table=fact.table)
        for fact in FACTS
    )


def count_new_conflicts(staged: AllStaged, partnership_id: int) -> int:
    """Say how many conflicts `list_conflicts` would list."""
    return sum(
        number(
            "SELECT count(*) FROM ($new) found",
            {"partnership": partnership_id},
            new=_new(fact, staged[fact.file]),
        )
        for fact in FACTS
        if staged[fact.file].there
    )


def list_conflicts(staged: AllStaged, params: Params) -> int:
    """List each conflict that was not listed before; say how many.

    `params`: the partnership, the import's source (None where it changed nothing), moment, label and who
    imports.
    """
    return sum(_list(fact, staged[fact.file], params) for fact in FACTS if staged[fact.file].there)


def _list(fact: Fact, state: Staged, params: Params) -> int:
    return run(
        """
        INSERT INTO reporting_importconflict (partnership_id, source_id, "table", key, in_extract,
            in_hub, fact_table, fact_id, place, found_at, label, imported_by_id, stands)
        SELECT %(partnership)s, %(source)s::bigint, '$file', key, in_extract, in_hub, '$table',
            fact_id, place, %(moment)s, %(label)s, %(by)s, '' FROM ($new) found
        """,
        params,
        table=fact.table,
        file=fact.file,
        new=_new(fact, state),
    )


def _new(fact: Fact, state: Staged) -> str:
    said = [column for column in fact.said if state.has(column)]
    return fill(
        NEW,
        table=fact.table,
        file=fact.file,
        key=" || ' ' || ".join(f"t.{column}::text" for column in (fact.subject, *fact.key)),
        longest=str(LONGEST_KEY),
        extract=_as_json("t", said),
        hub=_as_json("o", said),
    )


def _as_json(row: str, columns: list[str]) -> str:
    parts = ", ".join(f"'{column}', {row}.{column}" for column in columns)
    return f"jsonb_build_object({parts})"
