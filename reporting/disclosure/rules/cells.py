"""The numbers of a published report as unknowns, and the sums that tie them.

A *cell* is one count, known by its key: whose data, which dates, which table, which category.
The same count in two tables, or in two releases, has one key. Some cells are never printed
(crimes without a suspect): they stand here because a reader can work them out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

SMALLEST, LARGEST = 1, 5  # counts from 1 to 5 are hidden
HIDDEN = "c"
UNBOUNDED = 100_000  # above any count of a hub

Key = tuple[str, ...]
Path = tuple[str | int, ...]
Terms = tuple[tuple[Key, int], ...]


def small(count: int | None) -> bool:
    """Whether a count tells about too few people to be printed."""
    return count is not None and SMALLEST <= count <= LARGEST


@dataclass(frozen=True)
class Cell:
    """One count. `value` is None where only an earlier release knows it.

    `low` and `high` are what a reader knows of it unprinted, as long as `bound_by`, the table
    that tells these bounds, is published. `cost` weighs hiding it against hiding others.
    """

    key: Key
    value: int | None
    low: int = 0
    high: int = UNBOUNDED
    bound_by: str = ""
    cost: float = 1.0
    headline: bool = False
    guarded: bool = True  # a person counts in it, so a small value needs three possible ones


@dataclass(frozen=True)
class Place:
    """Where a cell is printed: the path in the JSON, and the table that can be left out."""

    path: Path
    key: Key
    table: str


@dataclass(frozen=True)
class Row:
    """Cells that share out one whole; `also` are hidden with them."""

    keys: tuple[Key, ...]
    also: tuple[Key, ...] = ()


@dataclass
class Book:
    """The cells of one report, where they are printed, its rows, and its sums (each is zero)."""

    data: Mapping[str, Any]
    scope: str
    dates: Mapping[str, str]
    cells: dict[Key, Cell] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    sums: list[Terms] = field(default_factory=list)

    def key(self, section: str, *category: str) -> Key:
        """The key of a category in this report's scope and its section's dates."""
        return (self.scope, section, self.dates[section], *category)

    def at(self, *path: str | int) -> Any:
        """What is printed at a path; None where it, or something above it, is left out."""
        found: Any = self.data
        for step in path:
            if found is None:
                return None
            found = found[step]
        return found

    def printed(self, path: Path, *, table: str = "", key: Key | None = None, **traits: Any) -> Key:
        """Enter the cell printed at a path; the table defaults to the path itself."""
        section, *category = (str(step) for step in path)
        key = key or self.key(section, *category)
        value = self.at(*path)
        known = Cell(key, value if isinstance(value, int) else None, **traits)
        before = self.cells.get(key)
        # Printed in a table left out and in another that is not: the second knows it.
        self.cells[key] = (
            replace(before, **traits) if before and before.value is not None else known
        )
        self.places.append(Place(path, key, table or ".".join((section, *category))))
        return key

    def unprinted(self, key: Key, value: int | None, **traits: Any) -> Key:
        """Enter a cell that a reader can think of but that no table prints."""
        self.cells.setdefault(key, Cell(key, value, **traits))
        return key

    def value(self, key: Key) -> int | None:
        """The count, if this report knows it."""
        return self.cells[key].value

    def adds_up(self, whole: Key, parts: Iterable[Key]) -> None:
        """The whole is the sum of its parts."""
        self.sums.append(((whole, -1), *((part, 1) for part in parts)))

    def rest(self, whole: Key, part: Key, name: str, *, guarded: bool = True) -> Key:
        """Enter what is left of the whole without the part: a complement, never below zero."""
        left = (*whole, "less", *part[3:], name)
        total, taken = self.value(whole), self.value(part)
        value = None if total is None or taken is None else total - taken
        self.unprinted(left, value, guarded=guarded)
        self.adds_up(whole, (part, left))
        return left

    def breakdown(
        self, path: Path, fixed: Iterable[str | int], whole: Key, *, cost: float = 2.0
    ) -> dict[str | int, Key]:
        """Enter a one-way table, whose row shares out the whole."""
        table = ".".join(str(step) for step in path)
        keys = {c: self.printed((*path, c), table=table, cost=cost) for c in fixed}
        self.rows.append(Row(tuple(keys.values())))
        self.adds_up(whole, keys.values())
        return keys


@dataclass(frozen=True)
class System:
    """Everything that the reader of several reports can set against each other."""

    cells: dict[Key, Cell]
    places: Sequence[Place]
    rows: Sequence[Row]
    sums: list[Terms]
    public: frozenset[Key]  # printed by an earlier release: hiding them now protects nothing
    was_hidden: frozenset[Key]  # hidden by an earlier release, and so to be hidden again
    must_hide: frozenset[Key]  # differing a little from what an earlier release printed
