"""What could a hidden count be, to one who sets everything printed against everything else?

Appendix 1 definitions, "Disclosure control", rule 3. A reader knows the printed counts, the sums
between all counts, and that a hidden count is at least 1; where a zero is hidden he knows that it
may be 0. The audit grants him more than he knows: which of the hidden counts are zero. A count is
safe once three numbers for it have been *found*, each with numbers for all other counts that
satisfy every sum; so a search that gives up can only hide too much.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .cells import UNBOUNDED, Cell, Key, System, Terms, small
from .search import Range, Solution, adds_up, search

ENOUGH = 3  # different numbers that a hidden count could be
FAR = 40  # how far the search moves a count from its true value


@dataclass
class State:
    """What is printed as "c" so far, and which tables are left out."""

    hidden: set[Key]
    left_out: set[str] = field(default_factory=set)


@dataclass
class Audit:
    """The search for possible values, which remembers what it found."""

    system: System
    state: State
    witnesses: list[Solution] = field(default_factory=list)
    groups: dict[Key, tuple[Key, ...]] = field(default_factory=dict)
    passed: set[frozenset[Key]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.tables: dict[Key, set[str]] = defaultdict(set)
        for place in self.system.places:
            self.tables[place.key].add(place.table)
        self.sums_of: dict[Key, list[int]] = defaultdict(list)
        for number, terms in enumerate(self.system.sums):
            for key, _ in terms:
                self.sums_of[key].append(number)

    def printed(self, key: Key) -> bool:
        """Whether a table that is not left out has a place for the cell, as a count or a "c"."""
        return bool(self.tables[key] - self.state.left_out)

    def fixed(self, key: Key) -> bool:
        """Whether the count is known whatever this release does."""
        return self.system.cells[key].headline or key in self.system.public

    def known(self, key: Key) -> bool:
        """Whether a reader sees the count."""
        return self.fixed(key) or (self.printed(key) and key not in self.state.hidden)

    def needs(self, key: Key) -> bool:
        """Whether the cell, which no reader sees, must have three possible values."""
        cell = self.system.cells[key]
        if key in self.state.hidden:
            return self.printed(key)
        return key in self.system.was_hidden or (cell.guarded and small(cell.value))

    def range_of(self, cell: Cell, reach: int, *, cost: float = 0.0) -> Range:
        """What the audit tries for a cell: its true value and as far as `reach` around it."""
        told = cell.bound_by not in self.state.left_out
        low, high = (cell.low, cell.high) if told else (0, UNBOUNDED)
        if cell.value is None:
            return Range(low, low, high)
        if not cell.guarded:
            reach = UNBOUNDED  # only there to keep others within their limits
        if self.printed(cell.key) and cell.value >= 1:
            low = max(low, 1)
        return Range(cell.value, max(low, cell.value - reach), min(high, cell.value + reach), cost)

    def seen(self, key: Key) -> set[int]:
        """The numbers that the cell could be, as far as found."""
        value = self.system.cells[key].value
        numbers = {w[key] for w in self.witnesses if key in w}
        return numbers if value is None else {*numbers, value}

    def forget(self, key: Key) -> None:
        """Drop what was found while a cell was hidden that no longer is."""
        value = self.system.cells[key].value
        self.witnesses = [w for w in self.witnesses if w.get(key, value) == value]
        self.passed.clear()

    def part(self, start: Key, unknown: set[Key]) -> set[Key]:
        """The unknown cells that hang together with one of them by sums."""
        found, todo = {start}, [start]
        while todo:
            for number in self.sums_of[todo.pop()]:
                new = {key for key, _ in self.system.sums[number]} & unknown - found
                found |= new
                todo += new
        return found

    def parts(self, unknown: set[Key]) -> Iterator[set[Key]]:
        """The unknown cells in groups that have no sum in common."""
        left = set(unknown)
        for key in self.system.cells:
            if key in left:
                part = self.part(key, unknown)
                left -= part
                yield part

    def sums_with(self, part: Iterable[Key]) -> list[Terms]:
        """The sums in which one of the cells stands."""
        return [self.system.sums[n] for n in sorted({n for k in part for n in self.sums_of[k]})]

    def numbers(self, sums: Iterable[Terms], part: set[Key]) -> dict[Key, int]:
        """The true values of the other cells of the sums."""
        others = {key for terms in sums for key, _ in terms} - part
        return {key: self.system.cells[key].value or 0 for key in others}

    def add_groups(self) -> None:
        """Enter as a cell what several hidden parts of one whole come to, where that is little.

        "Black or Other: 4" tells of four people as "Black: 4" does.
        """
        for whole, *parts in list(self.system.sums):
            together = tuple(part for part, _ in parts if not self.known(part))
            if 1 < len(together) < len(parts) and self._group_is_small(whole, parts, together):
                self._enter_group(together)

    def _group_is_small(
        self, whole: tuple[Key, int], parts: list[tuple[Key, int]], together: tuple[Key, ...]
    ) -> bool:
        cells = [self.system.cells[key] for key in together]
        plain = whole[1] == -1 and all(factor == 1 for _, factor in parts)
        counted = all(cell.guarded and cell.value is not None for cell in cells)
        return plain and counted and small(sum(cell.value or 0 for cell in cells))

    def _enter_group(self, together: tuple[Key, ...]) -> None:
        group = ("together", *(step for key in together for step in key))
        if group in self.system.cells:
            return
        value = sum(self.system.cells[key].value or 0 for key in together)
        terms = ((group, -1), *((key, 1) for key in together))
        self.system.cells[group] = Cell(group, value)
        for key, _ in terms:
            self.sums_of[key].append(len(self.system.sums))
        self.system.sums.append(terms)
        self.groups[group] = together
        self.recall(self.witnesses)

    def recall(self, witnesses: Iterable[Solution]) -> None:
        """Go back to what was found earlier, with the groups that were entered since."""
        self.witnesses = [self._with_groups(witness) for witness in witnesses]

    def _with_groups(self, witness: Solution) -> Solution:
        true = self.system.cells
        return witness | {
            group: sum(witness.get(key, true[key].value or 0) for key in together)
            for group, together in self.groups.items()
            if any(key in witness for key in together)
        }

    def first_weak(self, *, far: bool) -> Key | None:
        """A cell that needs three possible values and for which fewer were found, if any.

        With `far`, the search for it goes as far as it can.
        """
        self.add_groups()
        unknown = {key for key in self.system.cells if not self.known(key)}
        found = (self._weak_in(part, far) for part in self.parts(unknown))
        return next((key for key in found if key is not None), None)

    def _weak_in(self, part: set[Key], far: bool) -> Key | None:
        signature = frozenset(part)
        if signature in self.passed:
            return None
        ordered = [key for key in self.system.cells if key in part]
        for key in self._pending(ordered):
            if not far or not self.look_far(key):
                return key
        self.passed.add(signature)
        return None

    def _pending(self, keys: Iterable[Key]) -> list[Key]:
        return [k for k in keys if self.needs(k) and len(self.seen(k)) < ENOUGH]

    def unproved(self) -> list[Key]:
        """The cells for which three numbers do not stand up when everything is checked again."""
        self.witnesses = [w for w in self.witnesses if self._stands(w)]
        return self._pending(self.system.cells)

    def _stands(self, witness: Solution) -> bool:
        """Whether the numbers touch nothing a reader sees, keep to their ranges, and add up."""
        cells = self.system.cells
        ranges = {key: self.range_of(cells[key], UNBOUNDED) for key in witness}
        true = self.numbers(self.sums_with(witness), set(witness))
        return (
            not any(self.known(key) for key in witness)
            and all(ranges[key].low <= n <= ranges[key].high for key, n in witness.items())
            and adds_up(self.sums_with(witness), {**true, **witness})
        )

    def learn(self, found: Solution) -> None:
        """Remember numbers that satisfy every sum, and those as far off on the other side.

        Sums that hold for the true values and for these hold for any multiple of the difference.
        """
        true = {key: self.system.cells[key].value for key in found}
        moves = {key: n - (true[key] or 0) for key, n in found.items() if n != true[key]}
        self.witnesses.append({key: found[key] for key in moves})
        for times in (-1, 2, -2) if None not in true.values() else ():
            numbers = {key: (true[key] or 0) + times * move for key, move in moves.items()}
            if self._within(numbers):
                self.witnesses.append(numbers)

    def _within(self, numbers: Solution) -> bool:
        ranges = ((self.range_of(self.system.cells[key], FAR), n) for key, n in numbers.items())
        return all(r.low <= number <= r.high for r, number in ranges)

    def _try(self, part: list[Key], ranges: dict[Key, Range], pull: dict[Key, float]) -> None:
        sums = self.sums_with(part)
        found = search(sums, ranges, self.numbers(sums, set(part)), pull)
        if found is not None:
            self.learn(found)

    def look_far(self, key: Key) -> bool:
        """Look for the most and the least that a cell could be, and between; say if it is safe."""
        cells = self.system.cells
        found = self.part(key, {k for k in cells if not self.known(k)})
        part = [k for k in cells if k in found]
        ranges = {k: self.range_of(cells[k], FAR) for k in part}
        for sign in (1.0, -1.0):
            if len(self.seen(key)) < ENOUGH:
                self._try(part, ranges, {key: sign})
        numbers = self.seen(key)
        if len(numbers) == 2 and max(numbers) - min(numbers) > 1:
            between = Range(min(numbers) + 1, min(numbers) + 1, max(numbers) - 1)
            self._try(part, {**ranges, key: between}, {})
        return not self._pending([key])
