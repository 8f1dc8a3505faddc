"""The synthetic Bradford: 2014 to 2016 as the report of 2016 counts it, and on to any day."""

from collections.abc import Iterator
from datetime import date
from itertools import chain

from reporting.demo.rules.chance import chance
from reporting.demo.rules.crimes import number_crimes, other_offences
from reporting.demo.rules.district import District, bradford_district, month_number
from reporting.demo.rules.facts import Child, Crime, Suspect
from reporting.demo.rules.history import extract, newcomers, offences, suspects
from reporting.demo.rules.plan_children import children
from reporting.demo.rules.plan_crimes import planned_crimes
from reporting.demo.rules.plan_slots import YEAR_END, YEAR_START
from reporting.demo.rules.plan_suspects import FIRST, LAST, planned_suspects
from reporting.demo.rules.rows import Rows

PLAN_STREAM, CHILD_STREAM = 8, 9
UNTAGGED = 422


def bradford(today: date, changed_since: date | None = None) -> Iterator[Rows]:
    """Make the extract of Bradford up to a day, subject by subject.

    A later day gives the same rows with ends filled in, and new ones. With `changed_since`, only
    the subjects to whom anything happened from that day on are written, each of them whole: for
    an extract imported up to a day, `changed_since` that day brings the history up to `today`.
    """
    district = bradford_district()
    planned, others, people = _plan(district)
    first, last = month_number(district.begins), month_number(today)
    year = month_number(YEAR_START), month_number(YEAR_END)
    return extract(
        chain(planned, newcomers(district, year[1] + 1, last, len(planned) + 1)),
        chain(
            offences(district, first, year[0] - 1),
            others,
            offences(district, year[1] + 1, last),
        ),
        chain(
            suspects(district, first, month_number(FIRST) - 1),
            people,
            suspects(district, month_number(LAST) + 1, last),
        ),
        today,
        changed_since,
    )


def _plan(district: District) -> tuple[list[Child], list[Crime], list[Suspect]]:
    """Make what is planned, whole: it is small, and its parts depend on each other."""
    draw = chance(district.seed, PLAN_STREAM)
    streams = (chance(district.seed, CHILD_STREAM, number) for number in range(10_000))
    planned = children(draw, district, streams)
    dealt_with = [child for child in planned if _dealt_with(child)]
    crimes = planned_crimes(draw, dealt_with)
    people = planned_suspects(draw, district, crimes)
    for child in planned:
        number_crimes(child)
    return planned, crimes.others + _untagged(district), people


def _dealt_with(child: Child) -> bool:
    return any(e.referred_on <= YEAR_END and e.closed_on >= YEAR_START for e in child.episodes)


def _untagged(district: District) -> list[Crime]:
    months = range(month_number(YEAR_START), month_number(YEAR_END) + 1)
    shares = [UNTAGGED * (n + 1) // 12 - UNTAGGED * n // 12 for n in range(12)]
    return [
        crime
        for month, count in zip(months, shares, strict=True)
        for crime in other_offences(district, month, count)
    ]
