"""Comparing an extract with what stands: what of it is new, changed, ended, withdrawn, the same, or
against what the hub itself recorded.

Each table of facts gets two temporary tables: `standing_<table>`, the facts of the named subjects in the
file's own columns, and `diff_<table>`, a row for each row of the file that meets one of them, and for each
fact that is withdrawn. A row of the file without a row there is new.
"""

from collections.abc import Iterable

from reporting.extracts.actions.sql import every, fill, make, run
from reporting.extracts.actions.staging import AllStaged, Staged
from reporting.extracts.rules.facts import FACTS, IDENTITIES, STORED_AS, Ending, Fact
from reporting.extracts.rules.layout import FILE, Kind

Standing = dict[str, int]
"""A table of facts to how many of its facts stand for the named subjects."""


def find_standing(staged: AllStaged, partnership_id: int) -> Standing:
    """Gather the standing facts of the subjects that the extract names."""
    return {fact.table: _find(fact, staged, partnership_id) for fact in FACTS}


def _find(fact: Fact, staged: AllStaged, partnership_id: int) -> int:
    """Gather one table's; of a file that is absent nothing is compared, so the table stays empty."""
    there = "true" if staged[fact.file].there else "false"
    standing = f"{there} AND f.superseded_at IS NULL"
    facts = _facts_of(fact, staged, standing)
    return make(f"standing_{fact.table}", facts, {"partnership": partnership_id})


def _facts_of(fact: Fact, staged: AllStaged, condition: str) -> str:
    """Write the query for a table's facts of the named subjects, in the file's own columns."""
    reference = "i.reference" if fact.subject_file in IDENTITIES else "f.reference"
    return fill(
        """
        SELECT f.id, f.source_id IS NULL AS of_hub, f.position AS place,
            $reference AS $subject $columns
        FROM $table f $joins
        WHERE f.partnership_id = %(partnership)s AND $condition AND $reference IN ($named)
        """,
        table=fact.table,
        subject=fact.subject,
        reference=reference,
        columns="".join(f", {_standing_column(fact, column)}" for column in fact.columns),
        joins=_joins(fact),
        condition=condition,
        named=_named(fact, staged),
    )


def _standing_column(fact: Fact, column: str) -> str:
    refers = FILE[fact.file].column(column).refers
    return f"r_{column}.reference AS {column}" if refers else f"f.{column}"


def _joins(fact: Fact) -> str:
    """Join the tables of ids, so that facts can be compared by the references that files use."""
    joins = ""
    if fact.subject_file in IDENTITIES:
        own = STORED_AS.get(fact.subject, fact.subject)
        joins = f"JOIN {IDENTITIES[fact.subject_file]} i ON i.id = f.{own}"
    for column in fact.columns:
        refers = FILE[fact.file].column(column).refers
        if refers:
            joins += f" LEFT JOIN {IDENTITIES[refers]} r_{column} ON r_{column}.id = f.{column}"
    return joins


def _named(fact: Fact, staged: AllStaged) -> str:
    """The subjects that the extract names: those of their own file, if it is there."""
    of_file = fact.subject_file if staged[fact.subject_file].there else fact.file
    return fill("SELECT $subject FROM typed_$file", subject=fact.subject, file=of_file)


# --- comparing --------------------------------------------------------------------------------


def compare(staged: AllStaged, standing: Standing, partnership_id: int) -> None:
    """Make the table of differences of each table of facts."""
    for fact in FACTS:
        run(
            "CREATE TEMP TABLE diff_$table (line_no int, old_id bigint, deed text) ON COMMIT DROP",
            table=fact.table,
        )
        if standing[fact.table]:
            _compare(fact, staged[fact.file])
            _compare_with_hub(fact, staged[fact.file])
            _withdraw(fact, staged)
        if staged[fact.file].there:
            _leave_put_right(fact, staged, partnership_id)
        if standing[fact.table]:
            run("ANALYZE diff_$table", table=fact.table)


def _same(columns: Iterable[str], state: Staged) -> str:
    """A row says what the fact says; a column that the file leaves out says nothing."""
    return every((c for c in columns if state.has(c)), "t.{0} IS NOT DISTINCT FROM o.{0}")


def _meets(fact: Fact) -> str:
    return every((fact.subject, *fact.key), "t.{0} = o.{0}")


def _compare(fact: Fact, state: Staged) -> None:
    """Meet each row with the fact of its subject, key and place among equals."""
    ended = [
        f"({_same(ending.columns, state)} OR ({_open_still(fact, ending)}))"
        for ending in fact.endings
    ]
    run(
        """
        INSERT INTO diff_$table
        SELECT t.line_no, o.id, CASE WHEN $same THEN 'unchanged' WHEN o.of_hub THEN 'conflict'
            WHEN $ended THEN 'ended' ELSE 'changed' END
        FROM typed_$file t JOIN standing_$table o ON $meets AND t.place = o.place
        """,
        table=fact.table,
        file=fact.file,
        same=_same(fact.said, state),
        ended=" AND ".join([_same(fact.values, state), *ended]) if ended else "false",
        meets=_meets(fact),
    )


def _open_still(fact: Fact, ending: Ending) -> str:
    """Nothing of the end is known yet."""
    return " AND ".join(_empty(fact, column) for column in ending.columns)


def _empty(fact: Fact, column: str) -> str:
    text = FILE[fact.file].column(column).kind in (Kind.TEXT, Kind.CODE)
    return f"o.{column} = ''" if text else f"o.{column} IS NULL"


def _compare_with_hub(fact: Fact, state: Staged) -> None:
    """Meet the rows that are left with a fact of the hub of the same subject and key."""
    run(
        """
        INSERT INTO diff_$table
        SELECT DISTINCT ON (t.line_no) t.line_no, o.id,
            CASE WHEN $same THEN 'unchanged' ELSE 'conflict' END AS deed
        FROM typed_$file t JOIN standing_$table o ON o.of_hub AND $meets
        WHERE NOT EXISTS (SELECT FROM diff_$table d WHERE d.line_no = t.line_no)
        ORDER BY t.line_no, deed DESC, o.place DESC
        """,
        table=fact.table,
        file=fact.file,
        same=_same(fact.said, state),
        meets=_meets(fact),
    )


def _leave_put_right(fact: Fact, staged: AllStaged, partnership_id: int) -> None:
    """Leave out the rows that say again what a person has moved to another key, or withdrawn, since."""
    by_a_person = "f.superseded_by_id IS NOT NULL AND f.source_id IS NOT NULL"
    run(
        """
        INSERT INTO diff_$table
        SELECT t.line_no, NULL, 'unchanged'
        FROM typed_$file t JOIN ($put_right) o ON $meets AND t.place = o.place AND $same
        WHERE NOT EXISTS (SELECT FROM diff_$table d WHERE d.line_no = t.line_no)
        GROUP BY t.line_no
        """,
        {"partnership": partnership_id},
        table=fact.table,
        file=fact.file,
        put_right=_facts_of(fact, staged, by_a_person),
        same=_same(fact.said, staged[fact.file]),
        meets=_meets(fact),
    )


def _withdraw(fact: Fact, staged: AllStaged) -> None:
    """Find the facts of earlier extracts that this one no longer has.

    Not those of a subject one of whose rows was refused: the extract may have them all the same.
    """
    run(
        """
        INSERT INTO diff_$table
        SELECT NULL, o.id, 'withdrawn' FROM standing_$table o
        WHERE NOT o.of_hub AND o.$subject IN ($named)
            AND o.$subject NOT IN (SELECT subject FROM import_held WHERE file = '$file')
            AND NOT EXISTS (SELECT FROM diff_$table d WHERE d.old_id = o.id)
        """,
        table=fact.table,
        file=fact.file,
        subject=fact.subject,
        named=_named(fact, staged),
    )
