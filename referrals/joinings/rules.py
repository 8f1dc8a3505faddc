"""Which of two records can be joined to which, and the reading of many rows as one child's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LONGEST = 2_000
KEPT, OTHER = "this", "other"


@dataclass(frozen=True)
class Pair:
    """Two records by their references, and what each stands in already: "" or a reference.

    `child_into`, `kept_into`: to which record it is joined; `child_has`: one that is joined to it.
    """

    child: str
    kept: str
    child_into: str = ""
    kept_into: str = ""
    child_has: str = ""


@dataclass(frozen=True)
class Problem:
    """Why two records cannot be joined; `meanwhile`: somebody else was there first."""

    code: str
    message: str
    meanwhile: bool = False


def joining_problem(pair: Pair) -> Problem | None:
    """Say why the pair cannot be joined, or None: a record is joined once, and never to a joined one.

    So one step leads from any record to the one that is kept, in a page as in a report.
    """
    if pair.child == pair.kept:
        return Problem("joining.same", "This is the same record. Give the reference of the other")
    if pair.child_into == pair.kept or pair.kept_into == pair.child:
        return Problem("joining.joined", "These two are joined already.", meanwhile=True)
    for joined, into in ((pair.child, pair.child_into), (pair.kept, pair.kept_into)):
        if into:
            message = f"{joined} is joined to {into}. Join with {into} instead"
            return Problem("joining.chain", message)
    if pair.child_has:
        message = f"{pair.child_has} is joined to {pair.child}. Keep {pair.child}, or take those apart first"
        return Problem("joining.chain", message)
    return None


def under_kept(numbers: Iterable[int], kept: Mapping[int, int]) -> list[int]:
    """Give each number, or that of the record it is joined to, once and in the first one's place."""
    return list(dict.fromkeys(kept.get(number, number) for number in numbers))
