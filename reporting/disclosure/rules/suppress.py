"""What to hide so that the audit passes, and what to leave out where hiding is not enough.

Appendix 1 definitions, "Disclosure control", rule 2.
"""

from collections.abc import Iterable

from .audit import FAR, Audit, State
from .cells import Key, Row, System, small
from .search import Range, Solution, adds_up, search

OF_A_ZERO = 25.0  # a zero is hidden only where nothing else will do
PER_PERSON = 200.0  # so many people more double the cost of hiding a count
# Left out in this order: the finest first.
DISPENSABLE = (
    "tactical.by_ward_and_level",
    "crimes.victim_age_by_offender_age_band",
    "strategic.new_by_age_and_gender",
    "tactical.by_status_and_level",
    "movement.matrix",
    "tactical.by_level_and_gender",
    "tactical.by_census_group",
    "strategic.new_by_referral_source",
    "strategic.closed_by_reason",
    "crimes.by_number_of_suspects",
    "crimes.offender_age_bands",
)


class PublishingRefused(Exception):
    """The report cannot be published: `table` stands in the way, for the `reason` given."""

    def __init__(self, table: str, reason: str) -> None:
        super().__init__(f"{table}: {reason}")
        self.table = table
        self.reason = reason


def suppressed(system: System) -> State:
    """What is hidden and left out; PublishingRefused where a headline gives a small count away."""
    _refuse_small_headlines(system)
    _refuse_what_does_not_add_up(system)
    first = _to_hide(system)
    audit = Audit(system, State(set(first)))
    while weak := audit.first_weak(far=False):
        _protect(audit, weak)
    _show_needless(audit, first)
    if unproved := audit.unproved():
        raise PublishingRefused(_nearest_table(audit, unproved[0]), "the audit failed")
    return audit.state


def _refuse_what_does_not_add_up(system: System) -> None:
    """The audit reasons from the true counts, and would prove anything from a contradiction."""
    values = {key: cell.value for key, cell in system.cells.items() if cell.value is not None}
    for terms in system.sums:
        if all(key in values for key, _ in terms) and (
            not adds_up([terms], values) or min(values[key] for key, _ in terms) < 0
        ):
            _, section, _, name, *_ = terms[0][0]
            raise PublishingRefused(f"{section}.{name}", "the counts do not add up")


def _refuse_small_headlines(system: System) -> None:
    for place in system.places:
        cell = system.cells[place.key]
        if cell.headline and small(cell.value):
            raise PublishingRefused(
                place.table, f"the headline figure {place.path[-1]} is a count of 1 to 5"
            )


def _to_hide(system: System) -> set[Key]:
    """Small counts, rows whose whole stands in one cell, and what other releases ask for."""
    printed = {place.key for place in system.places}
    small_ones = {key for key in printed if small(system.cells[key].value)}
    telling = {key for row in system.rows for key in _telling(system, row)}
    asked = (system.was_hidden | system.must_hide) & printed
    headlines = {key for key in printed if system.cells[key].headline}
    return (small_ones | telling | asked) - headlines - system.public


def _telling(system: System, row: Row) -> Iterable[Key]:
    """The cells of a row whose whole count stands in one of them: it tells about everyone."""
    filled = [key for key in row.keys if system.cells[key].value]
    return (*row.keys, *row.also) if len(filled) == 1 else ()


def _protect(audit: Audit, key: Key) -> None:
    """Hide the cheapest others, or none, so that a cell could be one number more than was found."""
    found = _cheapest(audit, key)
    if found is None and audit.look_far(key):
        return
    if found is None and _forced_zero(audit, key):
        audit.state.hidden.discard(key)
        audit.forget(key)
    elif found is None:
        _leave_out(audit, key)
    else:
        _hide_moved(audit, found)


def _hide_moved(audit: Audit, found: Solution) -> None:
    moved = {
        key
        for key, number in found.items()
        if audit.known(key) and number != audit.system.cells[key].value
    }
    audit.state.hidden |= moved
    audit.learn(found)


def _forced_zero(audit: Audit, key: Key) -> bool:
    """A zero of a telling row that the headlines give away is no secret to keep."""
    return audit.system.cells[key].value == 0 and key not in audit.system.must_hide


def _cheapest(audit: Audit, key: Key, free: frozenset[str] = frozenset()) -> Solution | None:
    """Numbers for all cells that give one a number not found yet, moving the cheapest others."""
    movable = {k for k in audit.system.cells if not audit.fixed(k)}
    part = audit.part(key, movable)
    ranges = {k: _range(audit, k, free) for k in audit.system.cells if k in part}
    sums = audit.sums_with(part)
    known = audit.numbers(sums, part)
    best: tuple[float, Solution] | None = None
    for tried, wanted in enumerate(_not_found_yet(audit, key, ranges[key])):
        if best and (best[0] == 0 or tried > 1):
            break
        found = search(sums, {**ranges, key: wanted}, known)
        if found is not None:
            cost = sum(ranges[k].cost * abs(n - ranges[k].start) for k, n in found.items())
            best = min(best or (cost, found), (cost, found), key=lambda pair: pair[0])
    return best[1] if best else None


def _not_found_yet(audit: Audit, key: Key, allowed: Range) -> Iterable[Range]:
    """Numbers to try for a cell: two off its true value, else one; or anything beyond the found."""
    seen = audit.seen(key)
    if audit.system.cells[key].value is None:
        ends = [(max(seen, default=-1) + 1, allowed.high), (allowed.low, min(seen, default=0) - 1)]
    else:
        ends = [(allowed.start + step, allowed.start + step) for step in (2, -2, 1, -1, 3)]
    for low, high in ends:
        if allowed.low <= low <= high <= allowed.high and not (low == high and low in seen):
            yield Range(allowed.start, low, high)


def _range(audit: Audit, key: Key, free: frozenset[str]) -> Range:
    """How far a cell may move, and what hiding it costs; cells of `free` tables at no cost."""
    cell = audit.system.cells[key]
    tables = audit.tables[key]
    if cell.value is not None and tables and tables <= free | audit.state.left_out:
        return Range(cell.value, 0, cell.value + FAR)
    if not audit.known(key):
        return audit.range_of(cell, FAR)
    # Of equals, rather the smaller: less of the whole is lost to the reader.
    cost = cell.cost * (1.0 + (cell.value or 0) / PER_PERSON if cell.value else OF_A_ZERO)
    return audit.range_of(cell, FAR, cost=cost)


def _leave_out(audit: Audit, key: Key) -> None:
    """Leave out the finest table without which the cell could be another number."""
    part = audit.part(key, {k for k in audit.system.cells if not audit.fixed(k)})
    near = {table for k in part for table in audit.tables[k]} - audit.state.left_out
    rank = {table: place for place, table in enumerate(DISPENSABLE)}
    tables = sorted(near, key=lambda table: (rank.get(table, len(rank)), table))
    several = [frozenset(tables[:n]) for n in range(2, len(tables) + 1)]
    for left_out in [*(frozenset((table,)) for table in tables), *several]:
        if _cheapest(audit, key, left_out) is not None:
            audit.state.left_out |= left_out
            audit.passed.clear()
            return
    raise PublishingRefused(
        _nearest_table(audit, key),
        "headline figures, or an earlier release, give away a count of 1 to 5 or one that guards it"
        f" ({', '.join(key[3:])})",
    )


def _nearest_table(audit: Audit, key: Key) -> str:
    """The table of a cell, or of one that stands in a sum with it: a headline's as the last."""
    around = [key, *(k for terms in audit.sums_with([key]) for k, _ in terms)]
    printed = [k for k in around if audit.tables[k]]
    fine_first = sorted(printed, key=audit.fixed)
    return min(audit.tables[fine_first[0]]) if fine_first else ".".join(key[1:])


def _show_needless(audit: Audit, first: set[Key]) -> None:
    """Show again what was hidden beside others and turns out not to be needed."""
    cells = audit.system.cells
    added = [key for key in cells if key in audit.state.hidden - first]
    for key in sorted(added, key=lambda k: -cells[k].cost):
        before = audit.witnesses
        audit.state.hidden.discard(key)
        audit.forget(key)
        if audit.first_weak(far=True):
            audit.state.hidden.add(key)
            audit.recall(before)
            audit.passed.clear()
