"""The `full` Appendix 1 report as JSON, straight from the Appendix 1 definitions (version 1)."""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.oracle import known
from tests.oracle.counting import (
    GENDERS,
    HEIGHT,
    LEVELS,
    OFFENDER_BANDS,
    STATUSES,
    SUSPECT_BANDS,
    Codes,
    add_months,
    age,
    by_band,
    by_group,
    every,
    occurring,
    one_decimal,
    with_total,
)
from tests.oracle.reading import LONDON, Tables, read
from tests.oracle.world import Child, Crime, Episode, Spell, World, world

SHIPPED_CODES = Path(__file__).parents[2] / "hub" / "codes" / "data"


@dataclass(frozen=True)
class Params:
    """What the report is asked for; `codes` is the folder of the code lists as CSV."""

    year_start: date = date(2015, 4, 1)
    year_end: date = date(2016, 3, 31)
    snapshot: date = date(2016, 3, 29)
    movement_to: date | None = None
    suspects_from: date | None = None
    suspects_to: date | None = None
    types: tuple[str, ...] = ("CSE",)
    partnerships: tuple[str, ...] = ("bradford",)
    codes: Path = SHIPPED_CODES

    def in_year(self, on: date) -> bool:
        return self.year_start <= on <= self.year_end

    @property
    def suspects_window(self) -> tuple[date, date]:
        return self.suspects_from or self.year_start, self.suspects_to or self.year_end


def report(
    folder: Path | Sequence[Path],
    params: Params,
    *,
    history: Sequence[known.Import] | None = None,
    known_at: datetime | None = None,
    imported_at: datetime | None = None,
) -> dict[str, Any]:
    """The report over one extract, or over one extract for each of `params.partnerships`.

    With `known_at`, as it was known then: the extract having been imported first at `imported_at`,
    or, with `history`, after those imports (which then stand for `folder`).
    """
    folders = [folder] if isinstance(folder, Path) else list(folder)
    if known_at is None:
        extracts = [known.latest(history)] if history else [read(one) for one in folders]
    elif history:
        extracts = [known.at(history, known_at)]
    elif imported_at:
        extracts = [known.at([known.Import(one, imported_at)], known_at) for one in folders]
    else:
        raise ValueError("known_at needs imported_at or history")
    return report_of(extracts, params, known_at=known_at)


def report_of(
    extracts: Sequence[Tables], params: Params, *, known_at: datetime | None = None
) -> dict[str, Any]:
    """The report over extracts already read, one for each of `params.partnerships`."""
    counted = world(list(zip(params.partnerships, extracts, strict=True)), params.types)
    codes = Codes(params.codes)
    return {
        "parameters": parameters(params, known_at),
        "strategic": strategic(counted, params),
        "tactical": tactical(counted, params, codes),
        "movement": movement(counted, params),
        "crimes": crimes(counted, params, codes),
        "missing": missing(counted, params),
        "suspect_management": suspect_management(counted, params, codes),
    }


# --- strategic --------------------------------------------------------------------------------


def strategic(counted: World, params: Params) -> dict[str, Any]:
    """The year's episodes."""
    start, end = params.year_start, params.year_end
    dealt_with = [
        e
        for e in counted.episodes
        if e.referred_on <= end and (e.closed_on is None or e.closed_on >= start)
    ]
    new = [e for e in dealt_with if e.referred_on >= start]
    before = [e for e in counted.episodes if add_months(start, -12) <= e.referred_on < start]
    closed = [e for e in counted.episodes if e.closed_on and params.in_year(e.closed_on)]
    per_child = Counter(id(e.child) for e in dealt_with)
    return {
        "episodes": len(dealt_with),
        "already_open": len(dealt_with) - len(new),
        "new": len(new),
        "closed": len(closed),
        "open_at_end": sum(e.spell.holds_on(end) for e in counted.episodes),
        "closed_by_reason": occurring(e.spell.row.get("closure_reason", "") for e in closed),
        "not_at_risk_at_referral": sum(first_level(e) == "NO_RISK" for e in dealt_with),
        "not_at_risk_at_referral_of_new": sum(first_level(e) == "NO_RISK" for e in new),
        "children": len(per_child),
        "children_repeated": sum(n >= 2 for n in per_child.values()),
        "re_referred_within_12_months": sum(map(re_referred, new)),
        "new_by_referral_source": occurring(e.spell.row.get("referral_source", "") for e in new),
        "mean_new_per_month": one_decimal(Decimal(len(new)) / 12),
        "new_by_quarter": quarters(new, start),
        "previous_year": {
            "new": len(before),
            "new_by_quarter": quarters(before, add_months(start, -12)),
            "mean_new_per_month": one_decimal(Decimal(len(before)) / 12),
        },
        "change_in_new_percent": change_percent(len(before), len(new)),
        "new_by_gender": every((e.child.gender for e in new), GENDERS),
        "new_by_age_and_gender": {
            g: occurring(age_at_referral(e) for e in new if e.child.gender == g) for g in GENDERS
        },
        "peak_age": {
            "all": peak(age_at_referral(e) for e in new),
            **{g: peak(age_at_referral(e) for e in new if e.child.gender == g) for g in GENDERS},
        },
    }


def first_level(episode: Episode) -> str | None:
    """The level with the earliest set_on; among equals the first in order (`min` keeps it)."""
    return min(episode.levels, key=lambda level: level[0])[1] if episode.levels else None


def re_referred(new: Episode) -> bool:
    """An earlier episode of the child closed at most 366 days before the referral, not after it."""
    return any(
        earlier.closed_on is not None
        and timedelta(0) <= new.referred_on - earlier.closed_on <= timedelta(366)
        for earlier in new.child.episodes
        if earlier.referred_on < new.referred_on
    )


def age_at_referral(episode: Episode) -> int:
    """Age on `referred_on`; a child always has a date of birth."""
    if episode.child.born is None:
        raise ValueError("a child without date of birth")
    return age(episode.child.born, episode.referred_on)


def quarters(new: list[Episode], start: date) -> list[int]:
    """New episodes in each three months from `start`."""
    edges = [add_months(start, months) for months in (0, 3, 6, 9, 12)]
    return [
        sum(first <= e.referred_on < after for e in new)
        for first, after in itertools.pairwise(edges)
    ]


def change_percent(before: int, now: int) -> float | None:
    """The change in percent of what was before; null if that was none."""
    return one_decimal(Decimal(100 * (now - before)) / before) if before else None


def peak(ages: Iterable[int]) -> int | None:
    """The mode; among equals the lowest; null of nothing."""
    counts = Counter(ages)
    return min(counts, key=lambda a: (-counts[a], a), default=None)


# --- tactical and movement --------------------------------------------------------------------


def open_on(child: Child, on: date) -> list[Episode]:
    """The child's episodes open at the end of a day."""
    return [e for e in child.episodes if e.spell.holds_on(on)]


def level_on(child: Child, on: date) -> str:
    """A child's level on a day on which it has an open episode."""
    latest_of_each = []
    for episode in open_on(child, on):
        so_far = sorted((x for x in episode.levels if x[0] <= on), key=lambda level: level[0])
        latest_of_each += so_far[-1:]
    if not latest_of_each:
        return "NOT_SET"
    return max(latest_of_each, key=lambda level: (level[0], HEIGHT[level[1]]))[1]


def tactical(counted: World, params: Params, codes: Codes) -> dict[str, Any]:
    """The children open on the snapshot; each counts once."""
    on = params.snapshot
    children = [c for c in counted.children if open_on(c, on)]
    level = {id(c): level_on(c, on) for c in children}
    status = {id(c): status_on(c, on) for c in children}
    ward = {id(c): area_on(c, on, codes)[0] for c in children}
    constituency = {id(c): area_on(c, on, codes)[1] for c in children}

    def levels_of(kind: Mapping[int, str], wanted: str) -> dict[str, int]:
        return every((level[id(c)] for c in children if kind[id(c)] == wanted), LEVELS)

    return {
        "open": len(children),
        "open_with_several_episodes": sum(len(open_on(c, on)) >= 2 for c in children),
        "aged_18_or_over": sum(c.born is not None and age(c.born, on) >= 18 for c in children),
        "with_learning_disability": sum(c.learning_disability for c in children),
        "by_level": every(level.values(), LEVELS),
        "by_level_and_gender": {
            x: every((c.gender for c in children if level[id(c)] == x), GENDERS) for x in LEVELS
        },
        "by_ethnic_group": by_group(children, codes.ethnic_group),
        "by_census_group": by_group(children, codes.census_group),
        "by_status": every(status.values(), STATUSES),
        "by_status_and_level": {s: levels_of(status, s) for s in STATUSES},
        "by_constituency": occurring(constituency.values()),
        "by_ward_and_level": {
            name: with_total(levels_of(ward, name)) for name in sorted(set(ward.values()))
        },
    }


def status_on(child: Child, on: date) -> str:
    """LAC, else CP, else CIN if held; else PREVIOUS if any ended by that day; else NEVER."""
    held = {s.row["status"] for s in child.statuses if s.holds_on(on)}
    for status in ("LAC", "CP", "CIN"):
        if status in held:
            return status
    ended = any(s.end is not None and s.end <= on for s in child.statuses)
    return "PREVIOUS" if ended else "NEVER"


def area_on(child: Child, on: date, codes: Codes) -> tuple[str, str]:
    """Ward and constituency by name, or OUT_OF_AREA, CONFIDENTIAL or NOT_RECORDED for both."""
    held = [a for a in child.addresses if a.holds_on(on)]
    address = latest_started(held)
    if address is None:
        return "NOT_RECORDED", "NOT_RECORDED"
    if address.row.get("confidential") == "Y":
        return "CONFIDENTIAL", "CONFIDENTIAL"
    ward = address.row.get("ward", "")
    wards = codes.wards_of(child.partnership)
    if address.row.get("out_of_area") == "Y" or (ward and ward not in wards):
        return "OUT_OF_AREA", "OUT_OF_AREA"
    if not ward:
        return "NOT_RECORDED", "NOT_RECORDED"
    return wards[ward]["ward"], wards[ward]["constituency"]


def latest_started(spells: list[Spell]) -> Spell | None:
    """The one with the latest start; among equals the last in file order."""
    return max(reversed(spells), key=lambda spell: spell.start, default=None)


def movement(counted: World, params: Params) -> dict[str, Any] | None:
    """The snapshot's children: their level then against `movement_to`, or CLOSED."""
    if params.movement_to is None:
        return None
    matrix = {then: dict.fromkeys([*LEVELS, "CLOSED"], 0) for then in LEVELS}
    moves: Counter[str] = Counter()
    for child in counted.children:
        if open_on(child, params.snapshot):
            then = level_on(child, params.snapshot)
            still_open = open_on(child, params.movement_to)
            now = level_on(child, params.movement_to) if still_open else "CLOSED"
            matrix[then][now] += 1
            moves[moved(then, now)] += 1
    kinds = ["unchanged", "decreased", "increased", "not_comparable"]
    return {"matrix": matrix, **every(moves.elements(), kinds)}


def moved(then: str, now: str) -> str:
    """How a change of level counts."""
    if "NOT_SET" in (then, now):
        return "not_comparable"
    if now == "CLOSED":
        return "unchanged" if then == "NO_RISK" else "decreased"
    if then == now:
        return "unchanged"
    return "increased" if HEIGHT[now] > HEIGHT[then] else "decreased"


# --- crimes, missing, suspects ----------------------------------------------------------------


def crimes(counted: World, params: Params, codes: Codes) -> dict[str, Any]:
    """Sexual offences of the year with a victim under 18, and those among them tagged CSE."""
    in_year = [c for c in counted.crimes if params.in_year(c.on)]
    sexual = [c for c in in_year if c.code in codes.offences]
    under_18 = [c for c in sexual if c.victim.born and age(c.victim.born, c.on) < 18]
    cse = [c for c in under_18 if c.tagged]
    group = Counter(codes.outcome_group[c.outcome] for c in cse)
    links = [(crime, suspect) for crime in cse for suspect in crime.suspects]
    return {
        "sexual_offences_under_18": len(under_18),
        "victim_age_unknown": sum(c.victim.born is None for c in sexual),
        "cse": len(cse),
        "by_outcome": occurring(c.outcome for c in cse),
        "finalised": len(cse) - group["open"] - group["cancelled"],
        "under_investigation": group["open"],
        "cancelled": group["cancelled"],
        "tagged_outside_list": sum(c.tagged and c.code not in codes.offences for c in in_year),
        "with_suspect": sum(bool(c.suspects) for c in cse),
        "suspect_links": len(links),
        "by_number_of_suspects": occurring(len(c.suspects) for c in cse if c.suspects),
        "male_victims": sum(c.victim.gender == "M" for c in cse),
        "offender_age_bands": by_band([(s.born, c.on) for c, s in links], OFFENDER_BANDS),
        "victim_age_by_offender_age_band": {
            str(years): by_band(
                [(s.born, c.on) for c, s in links if victim_age(c) == years], OFFENDER_BANDS
            )
            for years in sorted({age(c.victim.born, c.on) for c, _ in links if c.victim.born})
        },
    }


def victim_age(crime: Crime) -> int | None:
    """Age of the victim on the offence date, None if not known."""
    return age(crime.victim.born, crime.on) if crime.victim.born else None


def missing(counted: World, params: Params) -> dict[str, int]:
    """Missing episodes that began on a day of the year."""
    episodes = [m for m in counted.missing if params.in_year(m.since)]
    return {
        "episodes": len(episodes),
        "children": len({m.child for m in episodes}),
        "found": sum(m.found_on is not None for m in episodes),
        "interviewed": sum(m.interviewed_on is not None for m in episodes),
        "interviewed_in_time": sum(
            m.found_on is not None
            and m.interviewed_on is not None
            and m.interviewed_on - m.found_on <= timedelta(3)
            for m in episodes
        ),
    }


def suspect_management(counted: World, params: Params, codes: Codes) -> dict[str, Any]:
    """Suspect occurrences created in the suspects window."""
    first, last = params.suspects_window
    created = [o for o in counted.occurrences if first <= o.spell.start <= last]
    return {
        "occurrences": len(created),
        "under_investigation": sum(o.spell.holds_on(last) for o in created),
        "by_age_band": by_band([(o.suspect.born, o.spell.start) for o in created], SUSPECT_BANDS),
        "by_gender": every((o.suspect.gender for o in created), GENDERS),
        "by_ethnic_group": by_group((o.suspect for o in created), codes.suspect_group),
    }


def parameters(params: Params, known_at: datetime | None) -> dict[str, Any]:
    """What the report was asked for, as the JSON repeats it."""
    first, last = params.suspects_window
    return {
        "year_start": params.year_start.isoformat(),
        "year_end": params.year_end.isoformat(),
        "snapshot": params.snapshot.isoformat(),
        "movement_to": params.movement_to.isoformat() if params.movement_to else None,
        "suspects_from": first.isoformat(),
        "suspects_to": last.isoformat(),
        "known_at": known_at.astimezone(LONDON).isoformat() if known_at else None,
        "disclosure": "full",
        "types": list(params.types),
        "partnerships": list(params.partnerships),
        "definitions": 1,
    }
