"""The room view: what is projected is what every agency that is present may see, and nothing else.

Of an agency whose people do not see whole cases (a charity) the meeting knows which children are granted to
it, not what its sharing agreement opens of them: in its presence a child's name alone is projected.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from referrals.notes.rules import EVERYBODY, HUB, NAMED


@dataclass(frozen=True)
class Present:
    """An agency at the table.

    `sees_all`: its people see whole cases; `shown` are the children granted to it. `hidden` are those
    whose record is restricted: hidden from some person, who may be the one that is there.
    """

    agency_id: int
    sees_all: bool
    shown: frozenset[int] = frozenset()
    hidden: frozenset[int] = frozenset()

    def sees_child(self, child_id: int) -> bool:
        """Whether it may know of the child."""
        return child_id not in self.hidden and (self.sees_all or child_id in self.shown)


@dataclass(frozen=True)
class Marked:
    """A contribution's marking, and whose it is."""

    agency_id: int | None
    seen_by: str
    for_agencies: Collection[int] = ()


def may_see(present: Present, marked: Marked) -> bool:
    """Say whether an agency may see a contribution about a child whom it may see."""
    if marked.agency_id is not None and marked.agency_id == present.agency_id:
        return True
    if not present.sees_all:
        return False
    if marked.seen_by in (EVERYBODY, HUB):
        return True
    return marked.seen_by == NAMED and present.agency_id in marked.for_agencies


def child_fits(child_id: int, present: Iterable[Present]) -> bool:
    """Say whether a child may be named on the projected screen; not where nobody is said to be there."""
    there = list(present)
    return bool(there) and all(p.sees_child(child_id) for p in there)


def case_fits(child_id: int, present: Iterable[Present]) -> bool:
    """Say whether more than the name may be projected: the level, why, what was decided."""
    there = list(present)
    return child_fits(child_id, there) and all(p.sees_all for p in there)


def fit_for_the_room(child_id: int, marked: Marked, present: Iterable[Present]) -> bool:
    """Say whether a contribution may be projected."""
    there = list(present)
    return child_fits(child_id, there) and all(may_see(p, marked) for p in there)
