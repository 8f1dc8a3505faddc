"""The children open on the snapshot, and how their levels moved from it to another day."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from hub.codes.rules import NOT_RECORDED, code_list
from hub.days.rules import age_on
from reporting.appendix1.rules.cases import Cases, OpenChild, OpenEpisode
from reporting.appendix1.rules.counting import GENDERS, GROUPS, every, occurring

LEVELS = ("HIGH", "MEDIUM", "LOW", "NO_RISK", "NOT_SET")
RANK = {"NOT_SET": -1, "NO_RISK": 0, "LOW": 1, "MEDIUM": 2, "HIGH": 3}
STATUSES = ("LAC", "CP", "CIN", "PREVIOUS", "NEVER")
CLOSED = "CLOSED"
OUT_OF_AREA, CONFIDENTIAL = "OUT_OF_AREA", "CONFIDENTIAL"


def levels_of(episodes: Iterable[OpenEpisode]) -> dict[int, str]:
    """Give each child with an open episode its level on the day.

    Of the latest levels of its open episodes, the one set last; among equal dates the highest.
    """
    standing: dict[int, tuple[date, int, str]] = {}
    for case in episodes:
        level = case.level or "NOT_SET"
        candidate = (case.set_on or date.min, RANK[level], level)
        standing[case.child] = max(standing.get(case.child, candidate), candidate)
    return {child: level for child, (_day, _rank, level) in standing.items()}


def status_of(child: OpenChild) -> str:
    """Give the social care status on the day: the weightiest held, else PREVIOUS, else NEVER."""
    for status in ("LAC", "CP", "CIN"):
        if status in child.held:
            return status
    return "PREVIOUS" if child.some_ended else "NEVER"


def area_of(child: OpenChild, wards: Mapping[tuple[int, str], tuple[str, str]]) -> tuple[str, str]:
    """Give ward and constituency by name, or the same one of the three other areas for both."""
    own = wards.get((child.partnership, child.ward))
    if child.confidential:
        return CONFIDENTIAL, CONFIDENTIAL
    if child.out_of_area or (child.ward and own is None):
        return OUT_OF_AREA, OUT_OF_AREA
    return own or (NOT_RECORDED, NOT_RECORDED)


def ethnic_group(code: str, census: bool) -> str:
    """Give a child's group by its DfE code, as the report groups or as the census does."""
    entry = code_list("ethnicity").get(code)
    if entry is None:
        return NOT_RECORDED
    return entry.census_group if census else entry.group


def tactical(cases: Cases, snapshot: date) -> dict[str, Any]:
    """Give the tactical table: children, each counted once."""
    level = levels_of(cases.open_then)
    children = cases.children
    episodes = Counter(case.child for case in cases.open_then)
    areas = {child.child: area_of(child, cases.wards) for child in children}
    return {
        "open": len(children),
        "open_with_several_episodes": sum(count >= 2 for count in episodes.values()),
        "aged_18_or_over": sum(age_on(child.born, snapshot) >= 18 for child in children),
        "with_learning_disability": sum(child.learning_disability is True for child in children),
        "by_level": every(level.values(), LEVELS),
        "by_level_and_gender": _gender_by_level(children, level),
        "by_ethnic_group": every((ethnic_group(c.ethnicity, False) for c in children), GROUPS),
        "by_census_group": every((ethnic_group(c.ethnicity, True) for c in children), GROUPS),
        "by_status": every((status_of(child) for child in children), STATUSES),
        "by_status_and_level": _levels_by(children, level, status_of, STATUSES),
        "by_constituency": occurring(constituency for _ward, constituency in areas.values()),
        "by_ward_and_level": _wards(children, level, areas),
    }


def _gender_by_level(
    children: Sequence[OpenChild], level: Mapping[int, str]
) -> dict[str, dict[str, int]]:
    genders: dict[str, list[str]] = {name: [] for name in LEVELS}
    for child in children:
        genders[level[child.child]].append(child.gender)
    return {name: every(found, GENDERS) for name, found in genders.items()}


def _levels_by(
    children: Sequence[OpenChild],
    level: Mapping[int, str],
    row_of: Callable[[OpenChild], str],
    rows: Iterable[str],
) -> dict[str, dict[str, int]]:
    found: dict[str, list[str]] = defaultdict(list)
    for child in children:
        found[row_of(child)].append(level[child.child])
    return {row: every(found[row], LEVELS) for row in rows}


def _wards(
    children: Sequence[OpenChild],
    level: Mapping[int, str],
    areas: Mapping[int, tuple[str, str]],
) -> dict[str, dict[str, int]]:
    rows = sorted({ward for ward, _constituency in areas.values()})
    table = _levels_by(children, level, lambda child: areas[child.child][0], rows)
    return {ward: {**row, "total": sum(row.values())} for ward, row in table.items()}


def movement(cases: Cases, movement_to: date | None) -> dict[str, Any] | None:
    """Give the matrix from the snapshot's level to the later one, and what each move counts as."""
    if movement_to is None:
        return None
    then, later = levels_of(cases.open_then), levels_of(cases.open_later)
    moves = Counter((level, later.get(child, CLOSED)) for child, level in then.items())
    kinds: Counter[str] = Counter()
    for (start, end), count in moves.items():
        kinds[kind_of_move(start, end)] += count
    matrix = {row: {column: moves[row, column] for column in (*LEVELS, CLOSED)} for row in LEVELS}
    names = ("unchanged", "decreased", "increased", "not_comparable")
    return {"matrix": matrix, **{name: kinds[name] for name in names}}


def kind_of_move(start: str, end: str) -> str:
    """Say what a move counts as; a closing as the report of 2016 counts it, which judges no risk."""
    if "NOT_SET" in (start, end):
        return "not_comparable"
    if end == CLOSED:
        return "unchanged" if start == "NO_RISK" else "decreased"
    if start == end:
        return "unchanged"
    return "increased" if RANK[end] > RANK[start] else "decreased"
