"""What stands on a meeting's papers: the minutes for one agency, and the list of a day to write on.

Minutes leave the hub for an agency, so they hold what that agency may see and nothing else; the rules are
those of the room view. Of a child shown to an agency whose people see no whole case (a charity), they hold
the name, what the agency itself said, and what it was asked to do.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from risk.meetings.rules.room import Marked, Present, may_see

MARKING = "OFFICIAL-SENSITIVE"
Line = tuple[str, str]


@dataclass(frozen=True)
class OnPaper:
    """A child on a paper: its heading, and lines of a label and words."""

    heading: str
    lines: list[Line]


@dataclass(frozen=True)
class Sheet:
    """A paper of a meeting. `dated` is its day (ISO); `taken` says who took it out, for whom and when."""

    title: str
    dated: str
    taken: str
    notes: list[str]
    there: list[str]
    children: list[OnPaper]
    places: list[OnPaper] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    marking: str = MARKING


@dataclass(frozen=True)
class Told:
    """A word of the discussion: whose, and how it is marked."""

    line: Line
    marked: Marked


@dataclass(frozen=True)
class Due:
    """An action, and which agency does it."""

    line: Line
    agency_id: int


@dataclass(frozen=True)
class Minuted:
    """A child of the minutes with all that may be said; `case` are the lines of those who see cases."""

    child_id: int
    name: str
    case: list[Line]
    told: list[Told] = field(default_factory=list)
    due: list[Due] = field(default_factory=list)


def minutes_for(present: Present, minuted: Iterable[Minuted]) -> list[OnPaper]:
    """Give the children of the minutes as an agency may have them, numbered anew: nothing leaves a gap."""
    shown = [one for one in minuted if present.sees_child(one.child_id)]
    return [
        OnPaper(f"{number} {one.name}", _lines(present, one))
        for number, one in enumerate(shown, start=1)
    ]


def _lines(present: Present, one: Minuted) -> list[Line]:
    said = [told.line for told in one.told if may_see(present, told.marked)]
    due = [d.line for d in one.due if present.sees_all or d.agency_id == present.agency_id]
    return [*said, *(one.case if present.sees_all else []), *due]
