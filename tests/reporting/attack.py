"""An attacker: reads published reports as anyone may, and works out what their "c" could stand for.

Written from the Appendix 1 definitions alone and sharing nothing with the code it attacks: it has
its own sums, its own folding of the full report, its own integer programs. It is told more than a
reader is: which of the hidden counts are zero.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.reporting.attack_sums import (
    STOCKS,
    Knowledge,
    Name,
    complements,
    is_derived,
    leaves,
    read,
    relate,
)

# --- what an unknown could be -----------------------------------------------------------------


@dataclass(frozen=True)
class Puzzle:
    """Unknowns that hang together, and the sums between them with the printed counts put in."""

    names: list[Name]
    rows: LinearConstraint
    low: Any
    high: Any

    def extreme(
        self, terms: Mapping[Name, int], sign: int, within: tuple[int, int] | None = None
    ) -> dict[Name, int] | None:
        """The unknowns where a sum of some is least (sign 1) or greatest (sign -1)."""
        gain = np.zeros(len(self.names))
        for name, factor in terms.items():
            gain[self.names.index(name)] = factor
        rows = [self.rows]
        if within:
            rows.append(LinearConstraint(gain.reshape(1, -1), *within))
        found = milp(
            sign * gain,
            integrality=np.ones(len(self.names), dtype=int),
            bounds=Bounds(self.low, self.high),
            constraints=rows,
        )
        if found.x is None:
            return None
        return dict(zip(self.names, np.rint(found.x).astype(int).tolist(), strict=True))


def puzzle_of(known: Knowledge, start: Iterable[Name]) -> Puzzle:
    names, rows = set(start), []
    todo = list(known.sums)
    grown = True
    while grown:
        grown = False
        for row in list(todo):
            unknown = set(row[0]) & known.unknown.keys()
            if unknown & names:
                todo.remove(row)
                rows.append(row)
                grown = grown or not unknown <= names
                names |= unknown
    ordered = sorted(names, key=repr)
    place = {name: i for i, name in enumerate(ordered)}
    matrix = np.zeros((max(len(rows), 1), len(ordered)))
    low, high = np.zeros(len(matrix)), np.zeros(len(matrix))
    for number, (terms, least, most) in enumerate(rows):
        printed = sum(f * known.printed[n] for n, f in terms.items() if n in known.printed)
        low[number], high[number] = least - printed, most - printed
        for name, factor in terms.items():
            if name in place:
                matrix[number, place[name]] = factor
    bounds = np.array([known.unknown[name] for name in ordered], dtype=float)
    return Puzzle(ordered, LinearConstraint(matrix, low, high), bounds[:, 0], bounds[:, 1])


def total(terms: Mapping[Name, int], world: Mapping[Name, int]) -> int:
    return sum(factor * world[name] for name, factor in terms.items())


def possible(known: Knowledge, terms: Mapping[Name, int]) -> set[int]:
    """Up to three numbers, or more, that a sum of counts could be."""
    constant = sum(f * known.printed[n] for n, f in terms.items() if n in known.printed)
    wanted = {name: f for name, f in terms.items() if name in known.unknown}
    if not wanted:
        return {constant}
    # What was found for another count says something about this one too.
    numbers = {total(wanted, w) for w in known.worlds if wanted.keys() <= w.keys()}
    if len(numbers) < 3:
        numbers |= looked_for(known, wanted)
    return {constant + number for number in numbers}


def looked_for(known: Knowledge, wanted: Mapping[Name, int]) -> set[int]:
    """The least and the most that a sum of unknowns could be, and something between."""
    puzzle = puzzle_of(known, wanted)
    ends = [puzzle.extreme(wanted, sign) for sign in (1, -1)]
    worlds = [world for world in ends if world is not None]
    assert len(worlds) == 2, f"the attacker's sums contradict each other around {wanted}"
    least, most = (total(wanted, world) for world in worlds)
    if most - least >= 2:
        between = puzzle.extreme(wanted, 1, (least + 1, most - 1))
        worlds += [between] if between is not None else []
    known.worlds += worlds
    return {total(wanted, world) for world in worlds}


def knowledge(
    published: Mapping[str, Any], geography: Mapping[str, str], zeros: frozenset[Name] = frozenset()
) -> Knowledge:
    """All that one report tells to one who knows the definitions and the geography."""
    known = read(published, zeros)
    relate(known, published, geography)
    return known


def given_away(known: Knowledge, truth: Mapping[Name, int]) -> dict[Name, set[int]]:
    """The hidden counts, and the small complements, with fewer than three possible values."""
    weak: dict[Name, set[int]] = {}
    for name in known.hidden:
        numbers = possible(known, {name: 1})
        if len(numbers) < 3:
            weak[name] = numbers
    for name, terms in complements(known).items():
        if 1 <= sum(factor * truth[part] for part, factor in terms.items()) <= 5:
            numbers = possible(known, terms)
            if len(numbers) < 3:
                weak[name] = numbers
    return weak


# --- several releases -------------------------------------------------------------------------


def together(
    reports: Sequence[Mapping[str, Any]],
    geography: Mapping[str, str],
    zeros: Sequence[frozenset[Name]],
) -> Knowledge:
    """All that several reports of the same data tell, laid side by side."""
    joint = Knowledge()
    for number, (report, none) in enumerate(zip(reports, zeros, strict=True)):
        one = knowledge(report, geography, none)
        joint.printed |= {(number, *name): n for name, n in one.printed.items()}
        joint.unknown |= {(number, *name): b for name, b in one.unknown.items()}
        joint.hidden += [(number, *name) for name in one.hidden]
        joint.derived |= {
            (number, *name): {(number, *part): f for part, f in terms.items()}
            for name, terms in one.derived.items()
        }
        joint.sums += [
            ({(number, *name): f for name, f in terms.items()}, low, high)
            for terms, low, high in one.sums
        ]
    for later in range(1, len(reports)):
        for earlier in range(later):
            link(joint, reports, earlier, later)
            nest(joint, reports, earlier, later)
            nest(joint, reports, later, earlier)
    return joint


def link(known: Knowledge, reports: Sequence[Mapping[str, Any]], a: int, b: int) -> None:
    """The same count of the same dates is one count."""
    first, second = dated(reports[a]), dated(reports[b])
    for name in first.keys() & second.keys():
        one, other = (a, *first[name]), (b, *second[name])
        if all(n in known.printed or n in known.unknown for n in (one, other)):
            known.sums.append(({one: 1, other: -1}, 0, 0))


def nest(known: Knowledge, reports: Sequence[Mapping[str, Any]], wide: int, narrow: int) -> None:
    """A wider suspects window has every occurrence of a narrower one, and what is left is a count."""
    first, last = "suspects_from", "suspects_to"
    outer, inner = reports[wide]["parameters"], reports[narrow]["parameters"]
    within = outer[first] <= inner[first] and inner[last] <= outer[last]
    if not within or (outer[first], outer[last]) == (inner[first], inner[last]):
        return
    for path, _ in leaves(reports[narrow]["suspect_management"]):
        less, more = ((n, "suspect_management", *path) for n in (narrow, wide))
        told = all(name in known.printed or name in known.unknown for name in (less, more))
        if told and path != ("under_investigation",):
            known.at_most(less, more)


def dated(report: Mapping[str, Any]) -> dict[Name, Name]:
    """Every count of a report by what it counts and when, whatever place it is printed in."""
    asked = report["parameters"]
    found: dict[Name, Name] = {}
    for path, _ in leaves(report):
        if path[0] in ("parameters", "left_out") or is_derived(path):
            continue
        if path[0] in STOCKS:
            when = tuple(asked[name] for name in STOCKS[path[0]])
        elif path[0] == "suspect_management":
            when = (asked["suspects_from"], asked["suspects_to"])
        else:
            when = (asked["year_start"], asked["year_end"])
        what = new_window(asked, path)
        found[what or (when, *path)] = path
    return found


def new_window(asked: Mapping[str, Any], path: Name) -> Name | None:
    """The months that a count of new episodes covers, if it is one."""
    if path[0] != "strategic" or not {"new", "new_by_quarter"} & set(path):
        return None
    year, month = (int(part) for part in asked["year_start"].split("-")[:2])
    first = 12 * year + month - (12 if "previous_year" in path else 0)
    if path[-1] == "new":
        return ("new", first, 12)
    return ("new", first + 3 * path[-1], 3)
