"""From when a fact counts as known, in SQL (the extract contract, "Known").

Only a partnership's first import back-dates, and never later than itself; all that a later one brings is
known from its one moment.
"""

from reporting.extracts.actions.sql import fill, make
from reporting.extracts.rules.facts import EVENTS, Ending, Event, Fact
from reporting.extracts.rules.layout import FILE, Kind

MOMENT = "%(moment)s::timestamptz"
LINKED_CRIMES = """
    SELECT l.suspect_id AS subject, c.offence_date AS day
    FROM typed_crime_suspects l JOIN typed_crimes c USING (crime_ref)
"""


def gather_events() -> None:
    """Make, for each kind of subject, the table of its earliest dated event: undated facts date from it."""
    for subject_file, events in EVENTS.items():
        parts = [_event(event) for event in events]
        parts += [LINKED_CRIMES] if subject_file == "suspects" else []
        make(
            f"events_{subject_file}",
            "SELECT subject, min(day) AS day FROM ($parts) e GROUP BY subject",
            parts=" UNION ALL ".join(parts),
        )


def _event(event: Event) -> str:
    return fill(
        "SELECT t.$subject AS subject, $day AS day FROM typed_$file t",
        subject=event.subject,
        day=day_of(event.file, event.dated),
        file=event.file,
    )


def day_of(file: str, column: str) -> str:
    """Give the Europe/London date of a row's date or timestamp."""
    is_moment = FILE[file].column(column).kind is Kind.MOMENT
    return f"(t.{column} AT TIME ZONE 'Europe/London')::date" if is_moment else f"t.{column}"


def noon(day: str) -> str:
    """Give 12:00 Europe/London of a day."""
    return f"(({day} + time '12:00') AT TIME ZONE 'Europe/London')"


def needs_event(fact: Fact) -> bool:
    """Whether some of its rows may have no date of their own."""
    return not any(FILE[fact.file].column(column).needed for column in fact.dated)


def known_from(fact: Fact, *, first: bool) -> str:
    """Give from when a row's fact is known; `t` is the row, `ev` its subject's earliest event."""
    if not first:
        return MOMENT
    moments = [f"t.{fact.recorded_at}"] if fact.recorded_at else []
    moments += [noon(day_of(fact.file, column)) for column in fact.dated]
    if needs_event(fact):
        moments.append(noon("ev.day"))
    return f"least(coalesce({', '.join(moments)}), {MOMENT})"


def end_known_from(fact: Fact, ending: Ending, *, first: bool) -> str:
    """Give from when a row's end is known; one without a date, from the import alone."""
    return f"least({noon(day_of(fact.file, ending.dated))}, {MOMENT})" if first else MOMENT
