"""Whole numbers that satisfy every sum: the integer programs behind the audit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from .cells import Key, Terms

NODES = 5000  # of one search: a count and not a time, so that a report is the same on every machine
PER_STEP = 1e-3  # prefers the smaller of two moves that cost the same

Solution = dict[Key, int]


@dataclass(frozen=True)
class Range:
    """The whole numbers from `low` to `high` for one unknown, where it starts, a step's cost."""

    start: int
    low: int
    high: int
    cost: float = 0.0


def search(
    sums: Sequence[Terms],
    ranges: Mapping[Key, Range],
    known: Mapping[Key, int],
    pull: Mapping[Key, float] | None = None,
) -> Solution | None:
    """Numbers for the unknowns of `ranges` that satisfy every sum at the least cost, if any.

    An unknown costs its distance from its start times its cost, less `pull` times the signed
    distance. Every other cell of the sums is in `known`.
    """
    keys = list(ranges)
    problem = _Problem(
        _costs([ranges[key] for key in keys], [(pull or {}).get(key, 0.0) for key in keys]),
        _bounds([ranges[key] for key in keys]),
        _constraints(sums, ranges, known, keys),
    )
    # Nearly always the best fractions are whole numbers, and are found several times faster.
    solution = _from_start(ranges, problem.solved(whole=False))
    if solution is not None and not adds_up(sums, {**known, **solution}):
        solution = _from_start(ranges, problem.solved(whole=True))
    return solution if solution and adds_up(sums, {**known, **solution}) else None


def _from_start(ranges: Mapping[Key, Range], steps: np.ndarray | None) -> Solution | None:
    """The numbers that steps up and steps down lead to."""
    if steps is None:
        return None
    moves = (steps[: len(ranges)] - steps[len(ranges) :]).tolist()
    return {key: r.start + move for (key, r), move in zip(ranges.items(), moves, strict=True)}


@dataclass(frozen=True)
class _Problem:
    """Columns: the steps up of each unknown, then its steps down."""

    costs: np.ndarray
    bounds: Bounds
    constraints: LinearConstraint

    def solved(self, *, whole: bool) -> np.ndarray | None:
        """The cheapest steps, rounded, in whole numbers or in fractions; None if there are none."""
        found = milp(
            self.costs,
            integrality=np.full(len(self.costs), int(whole)),
            bounds=self.bounds,
            constraints=self.constraints,
            options={"node_limit": NODES},
        )
        return None if found.x is None else np.rint(found.x).astype(int)


def _costs(ranges: Iterable[Range], pulls: Sequence[float]) -> np.ndarray:
    cost = np.array([unknown.cost + PER_STEP for unknown in ranges])
    return np.concatenate([cost - np.array(pulls), cost + np.array(pulls)])


def _bounds(ranges: Sequence[Range]) -> Bounds:
    """Steps up and down; a range that does not hold its start asks for some steps at least."""
    up = np.array([float(r.high - r.start) for r in ranges])
    down = np.array([float(r.start - r.low) for r in ranges])
    least = np.concatenate([np.maximum(-down, 0), np.maximum(-up, 0)])
    most = np.concatenate([np.maximum(up, 0), np.maximum(down, 0)])
    return Bounds(least, most)


def _constraints(
    sums: Sequence[Terms], ranges: Mapping[Key, Range], known: Mapping[Key, int], keys: list[Key]
) -> LinearConstraint:
    place = {key: column for column, key in enumerate(keys)}
    rows: list[int] = []
    columns: list[int] = []
    factors: list[int] = []
    wanted = np.zeros(len(sums))
    for row, terms in enumerate(sums):
        for key, factor in terms:
            at = ranges[key].start if key in ranges else known[key]
            wanted[row] -= factor * at
            if key in ranges:
                rows += [row, row]
                columns += [place[key], place[key] + len(keys)]
                factors += [factor, -factor]
    shape = (len(sums), 2 * len(keys))
    return LinearConstraint(
        coo_array((factors, (rows, columns)), shape=shape).tocsr(), wanted, wanted
    )


def adds_up(sums: Iterable[Terms], numbers: Mapping[Key, int]) -> bool:
    """Whether the sums come out exactly, in whole numbers, whatever the solver's tolerance."""
    return all(sum(factor * numbers[key] for key, factor in terms) == 0 for terms in sums)
