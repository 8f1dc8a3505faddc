"""Writing what an extract changes: ids, facts, and the current values on their parents."""

from dataclasses import dataclass
from datetime import datetime

from reporting.extracts.actions.current import insert_children, insert_episodes, refresh
from reporting.extracts.actions.known import (
    end_known_from,
    gather_events,
    known_from,
    needs_event,
)
from reporting.extracts.actions.sql import Params, listed, make, number, run
from reporting.extracts.actions.staging import AllStaged, Staged
from reporting.extracts.rules.facts import FACTS, IDENTITIES, STORED_AS, Ending, Fact
from reporting.extracts.rules.layout import FILE, Kind


@dataclass(frozen=True)
class Publication:
    """The import as its facts see it: whose, from which source, known from which moment."""

    partnership_id: int
    source_id: int
    moment: datetime
    first: bool

    @property
    def params(self) -> Params:
        """It, as the statements take it."""
        return {
            "partnership": self.partnership_id,
            "source": self.source_id,
            "moment": self.moment,
        }


def write(staged: AllStaged, publication: Publication) -> None:
    """Write everything that the differences say."""
    if publication.first:
        gather_events()
    _insert_ids(publication)
    for fact in FACTS:
        if staged[fact.file].there:
            _supersede(fact, publication)
            _end(fact, staged[fact.file], publication)
            _insert(fact, staged[fact.file], publication)
    refresh(publication.params)


def _insert_ids(publication: Publication) -> None:
    """Enter the subjects that are not there yet; children and episodes with their current values.

    Who is there is listed first: an anti-join with the table itself would read what it has just written.
    """
    for file, table in IDENTITIES.items():
        make(
            f"on_record_{file}",
            """
            SELECT reference FROM $table WHERE partnership_id = %(partnership)s
                AND reference IN (SELECT $id FROM typed_$file)
            """,
            publication.params,
            table=table,
            file=file,
            id=FILE[file].own_id,
        )
    insert_children(publication.params)
    insert_episodes(publication.params)
    for file in ("crimes", "suspects", "suspect_occurrences"):
        run(
            """
            INSERT INTO $table (partnership_id, reference)
            SELECT %(partnership)s, $id FROM typed_$file
            WHERE NOT EXISTS (SELECT FROM on_record_$file WHERE reference = $id)
            """,
            publication.params,
            table=IDENTITIES[file],
            file=file,
            id=FILE[file].own_id,
        )


def _supersede(fact: Fact, publication: Publication) -> None:
    run(
        """
        UPDATE $table f SET superseded_at = %(moment)s, superseded_source_id = %(source)s
        FROM diff_$table d WHERE f.id = d.old_id AND d.deed IN ('changed', 'withdrawn')
        """,
        publication.params,
        table=fact.table,
    )


# --- ends that became known -------------------------------------------------------------------


def _end(fact: Fact, state: Staged, publication: Publication) -> None:
    """Let spells learn their ends, once; the trigger that keeps facts allows no more."""
    settings = [part for ending in fact.endings for part in _ending(ending, state)]
    if settings:
        run(
            """
            UPDATE $table f SET $settings FROM diff_$table d JOIN typed_$file t USING (line_no)
            WHERE f.id = d.old_id AND d.deed = 'ended'
            """,
            publication.params,
            table=fact.table,
            file=fact.file,
            settings=", ".join(settings),
        )


def _ending(ending: Ending, state: Staged) -> list[str]:
    columns = [column for column in ending.columns if state.has(column)]
    if not columns:
        return []
    there = " OR ".join(_filled(state.file.name, column, f"t.{column}") for column in columns)
    known = f"coalesce(f.{ending.known}, CASE WHEN {there} THEN %(moment)s::timestamptz END)"
    return [*(f"{column} = t.{column}" for column in columns), f"{ending.known} = {known}"]


def _filled(file: str, column: str, value: str) -> str:
    text = FILE[file].column(column).kind in (Kind.TEXT, Kind.CODE)
    return f"({value}) <> ''" if text else f"({value}) IS NOT NULL"


# --- new facts --------------------------------------------------------------------------------


def _insert(fact: Fact, state: Staged, publication: Publication) -> None:
    """Insert what is new, and the new version of what changed."""
    values = _values(fact, state, first=publication.first)
    run(
        """
        INSERT INTO $table (partnership_id, position, source_id, $targets)
        SELECT %(partnership)s, t.place, %(source)s, $values FROM typed_$file t $joins
        WHERE d.line_no IS NULL OR d.deed = 'changed'
        """,
        publication.params,
        table=fact.table,
        file=fact.file,
        targets=listed(values),
        values=listed(values.values()),
        joins=_joins(fact, state, first=publication.first),
    )


def _values(fact: Fact, state: Staged, *, first: bool) -> dict[str, str]:
    """Give the columns to write, each with its SQL."""
    values = {"known_from": known_from(fact, first=first)}
    own = STORED_AS.get(fact.subject, fact.subject)
    values[own] = "i.id" if fact.subject_file in IDENTITIES else f"t.{fact.subject}"
    for column in fact.columns:
        refers = FILE[fact.file].column(column).refers
        values[column] = f"r_{column}.id" if refers else _value(state, column)
    for ending in fact.endings:
        there = " OR ".join(_filled(fact.file, c, _value(state, c)) for c in ending.columns)
        moment = end_known_from(fact, ending, first=first)
        values[ending.known] = f"CASE WHEN {there} THEN {moment} END"
    if fact.table == "risk_risklevel":
        values["scale_id"] = str(number("SELECT id FROM risk_riskscale WHERE code = 'cse-2014'"))
    return values


def _value(state: Staged, column: str) -> str:
    """A row's value; where the file leaves the column out, what the old version had."""
    if state.has(column):
        return f"t.{column}"
    return f"CASE WHEN o.id IS NULL THEN t.{column} ELSE o.{column} END"


def _joins(fact: Fact, state: Staged, *, first: bool) -> str:
    joins = ""
    if fact.subject_file in IDENTITIES:
        joins += _identity("JOIN", fact.subject_file, "i", f"t.{fact.subject}")
    joins += f" LEFT JOIN diff_{fact.table} d ON d.line_no = t.line_no"
    joins += f" LEFT JOIN standing_{fact.table} o ON o.id = d.old_id"
    for column in fact.columns:
        refers = FILE[fact.file].column(column).refers
        if refers:
            joins += _identity("LEFT JOIN", refers, f"r_{column}", _value(state, column))
    if first and needs_event(fact):
        joins += f" LEFT JOIN events_{fact.subject_file} ev ON ev.subject = t.{fact.subject}"
    return joins


def _identity(join: str, file: str, alias: str, reference: str) -> str:
    table = IDENTITIES[file]
    return (
        f" {join} {table} {alias} ON {alias}.partnership_id = %(partnership)s"
        f" AND {alias}.reference = {reference}"
    )
