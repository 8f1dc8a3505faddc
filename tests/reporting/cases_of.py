"""The cases that a report counts, taken from an extract's tables as the oracle reads them.

What the queries leave out (other years, other windows) is left out here, so that the counting of the
product can be tried without a database.
"""

from collections.abc import Iterable
from datetime import date
from operator import itemgetter

from reporting.appendix1.rules.cases import (
    Cases,
    CrimeCase,
    EpisodeCase,
    MissingCase,
    OccurrenceCase,
    OpenChild,
    OpenEpisode,
)
from reporting.appendix1.rules.parameters import Parameters
from tests.oracle.appendix1 import SHIPPED_CODES, first_level, latest_started, open_on
from tests.oracle.counting import Codes
from tests.oracle.reading import Tables
from tests.oracle.world import Child, Crime, Episode, World, world

PARTNERSHIP = 1


def cases_of(tables: Tables, asked: Parameters) -> Cases:
    """The cases of one partnership's extract for a report."""
    (code,) = asked.partnerships
    counted = world([(code, tables)], asked.types)
    number = {id(child): n for n, child in enumerate(counted.children)}
    wards = Codes(SHIPPED_CODES).wards_of(code)
    return Cases(
        episodes=[_episode(e, number[id(e.child)]) for e in counted.episodes],
        open_then=list(_open(counted, asked.snapshot)),
        open_later=list(_open(counted, asked.movement_to)) if asked.movement_to else [],
        children=[
            _child(child, number[id(child)], asked.snapshot)
            for child in counted.children
            if open_on(child, asked.snapshot)
        ],
        wards={(PARTNERSHIP, c): (w["ward"], w["constituency"]) for c, w in wards.items()},
        crimes=[_crime(crime) for crime in counted.crimes if asked.in_year(crime.on)],
        missing=_missing(counted, asked),
        occurrences=_occurrences(counted, asked),
    )


def _episode(episode: Episode, child: int) -> EpisodeCase:
    row = episode.spell.row
    assert episode.child.born is not None
    return EpisodeCase(
        episode=id(episode),
        child=child,
        referred_on=episode.referred_on,
        closed_on=episode.closed_on,
        closure_reason=row.get("closure_reason", ""),
        referral_source=row.get("referral_source", ""),
        born=episode.child.born,
        gender=episode.child.gender,
        first_level=first_level(episode),
    )


def _open(counted: World, day: date) -> Iterable[OpenEpisode]:
    for number, child in enumerate(counted.children):
        for episode in open_on(child, day):
            set_by_then = [level for level in episode.levels if level[0] <= day]
            # Among levels of one day the last in the file stands.
            set_on, level = max(reversed(set_by_then), key=itemgetter(0), default=(None, None))
            yield OpenEpisode(id(episode), number, level, set_on)


def _child(child: Child, number: int, day: date) -> OpenChild:
    address = latest_started([a for a in child.addresses if a.holds_on(day)])
    where = address.row if address else {}
    assert child.born is not None
    return OpenChild(
        child=number,
        partnership=PARTNERSHIP,
        born=child.born,
        gender=child.gender,
        ethnicity=child.ethnicity,
        learning_disability=child.learning_disability,
        held=[s.row["status"] for s in child.statuses if s.holds_on(day)],
        some_ended=any(s.end is not None and s.end <= day for s in child.statuses),
        has_address=address is not None,
        confidential=where.get("confidential") == "Y",
        out_of_area=where.get("out_of_area") == "Y",
        ward=where.get("ward", ""),
    )


def _crime(crime: Crime) -> CrimeCase:
    return CrimeCase(
        suspects_born=tuple(suspect.born for suspect in crime.suspects),
        crime=id(crime),
        offence_code=crime.code,
        offence_date=crime.on,
        cse_tag=crime.tagged,
        outcome=crime.outcome,
        victim_born=crime.victim.born,
        victim_gender=crime.victim.gender,
    )


def _missing(counted: World, asked: Parameters) -> list[MissingCase]:
    children = {
        child: number for number, child in enumerate(sorted({m.child for m in counted.missing}))
    }
    return [
        MissingCase(id(m), children[m.child], m.found_on, m.interviewed_on)
        for m in counted.missing
        if asked.in_year(m.since)
    ]


def _occurrences(counted: World, asked: Parameters) -> list[OccurrenceCase]:
    return [
        OccurrenceCase(
            id(o), o.spell.start, o.spell.end, o.suspect.born, o.suspect.gender, o.suspect.ethnicity
        )
        for o in counted.occurrences
        if asked.suspects_from <= o.spell.start <= asked.suspects_to
    ]
