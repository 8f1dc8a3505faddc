"""A district's history as it runs on, month by month, and any part of it as rows."""

from collections.abc import Iterable, Iterator
from datetime import date

from reporting.demo.rules.children import newcomer
from reporting.demo.rules.crimes import other_offences
from reporting.demo.rules.district import District, in_month, kirklees_district, month_number
from reporting.demo.rules.facts import Child, Crime, Suspect
from reporting.demo.rules.rows import (
    Rows,
    changed,
    child_moments,
    child_rows,
    crime_moments,
    crime_rows,
    suspect_moments,
    suspect_rows,
)
from reporting.demo.rules.suspects import suspects_of

# Fewer referrals in August and December, when schools are closed.
SEASON = (1.02, 1.01, 1.07, 0.98, 1.04, 1.06, 1.04, 0.87, 1.03, 1.05, 1.03, 0.8)
LULL = 0.78


def kirklees(today: date, changed_since: date | None = None) -> Iterator[Rows]:
    """Make the small synthetic Kirklees up to a day (see `bradford` for the arguments)."""
    district = kirklees_district()
    first, last = month_number(district.begins), month_number(today)
    return extract(
        newcomers(district, first, last, 1),
        offences(district, first, last),
        suspects(district, first, last),
        today,
        changed_since,
    )


def newcomers(district: District, first: int, last: int, number: int) -> Iterator[Child]:
    """Go through the children first referred in a span of months, numbering them on."""
    expected = 0.0
    for month in range(first, last + 1):
        before = expected
        expected += district.newcomers * SEASON[month % 12] * _calm(district, month)
        for _ in range(int(expected) - int(before)):
            yield newcomer(district, number, month)
            number += 1


def _calm(district: District, month: int) -> float:
    lull = district.lull
    return LULL if lull and month_number(lull[0]) <= month < month_number(lull[1]) else 1.0


def offences(district: District, first: int, last: int) -> Iterator[Crime]:
    """Go through the untagged offences of a span of months."""
    for month in range(first, last + 1):
        yield from other_offences(district, month, in_month(district.offences, district, month))


def suspects(district: District, first: int, last: int) -> Iterator[Suspect]:
    """Go through those who came under management in a span of months."""
    for month in range(first, last + 1):
        yield from suspects_of(district, month)


def extract(
    children: Iterable[Child],
    others: Iterable[Crime],
    suspects: Iterable[Suspect],
    today: date,
    since: date | None,
) -> Iterator[Rows]:
    """Write what happened by a day; with `since`, only subjects with an event from that day on.

    A subject is a child with its crimes, an offence against another child, or a suspect. A suspect
    of a crime that is written is written too, so that every reference has its row.
    """
    named: set[str] = set()
    for child in children:
        if since is None or changed(child_moments(child), since, today):
            named.update(name for crime in child.crimes for name in crime.suspects if since)
            yield child_rows(child, today)
    for crime in others:
        if since is None or changed(crime_moments(crime), since, today):
            named.update(crime.suspects if since else ())
            yield crime_rows(crime, today)
    for suspect in suspects:
        if since is None or suspect.id in named or changed(suspect_moments(suspect), since, today):
            yield suspect_rows(suspect, today)
