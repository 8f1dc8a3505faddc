"""Earlier releases, which a reader can lay beside the new one.

Appendix 1 definitions, "Disclosure control", rule 3. Three things follow from a release of the
same dates, of dates that share quarters, or of more or fewer partnerships, types or days:

- A count that both print is one count. If everything that both print of a section agrees, what
  the earlier release printed is known whatever the new one hides, and what it hid stays hidden.
- If something disagrees, the data has changed in between: the counts of that section are two
  states of affairs, and a count that has moved by 1 to 5 is hidden in the new release, because
  the difference tells about those few; what the earlier one hid stays hidden. Headlines, and how
  many episodes were new, open or closed, are shown all the same: they tell that something was
  recorded late, and nothing about whom.
- Where one release counts everything that another counts and more, the difference is a count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

from .cells import HIDDEN, Book, Cell, Key, System, Terms, small
from .search import adds_up
from .tables import NEW, book_of, dates_of, scope_of, types_of, window

SECTIONS = ("strategic", "tactical", "movement", "crimes", "missing", "suspect_management")
# These and the headlines say how many, and nothing about whom.
FLOWS = (NEW, "already_open", "closed", "open_at_end")
# A child's level depends on which episodes count, so these do not only grow with more types.
BY_LEVEL = ("by_level", "by_level_and_gender", "by_status_and_level", "by_ward_and_level")


@dataclass(frozen=True)
class Release:
    """A published report: its parameters, its JSON, and its known-at (ISO) if it had one."""

    parameters: Mapping[str, Any]
    published: Mapping[str, Any]
    known_at: str | None = None
    geography: Mapping[str, str] | None = None  # its own wards, where they are not the new report's


@dataclass
class _Known:
    """What the register adds to a system, as it is gathered."""

    cells: dict[Key, Cell]
    sums: list[Terms]
    public: set[Key]
    was_hidden: set[Key]
    must_hide: set[Key]


def system_of(book: Book, register: Sequence[Release], geography: Mapping[str, str]) -> System:
    """The new report and what earlier releases of overlapping dates add to it."""
    known = _Known(dict(book.cells), list(book.sums), set(), set(), set())
    earlier = [
        _only_agreeing(known, book, _book_of(release, geography), number)
        for number, release in enumerate(register)
        if _comparable(book.data["parameters"], release.parameters)
    ]
    for one, other in permutations([book, *earlier], 2):
        _add_differences(known, one, other, guarded=book in (one, other))
    return System(
        cells=known.cells,
        places=book.places,
        rows=book.rows,
        sums=list(dict.fromkeys(known.sums)),  # the same dates give the same sums again
        public=frozenset(known.public),
        was_hidden=frozenset(known.was_hidden - known.public),
        must_hide=frozenset(known.must_hide),
    )


def _book_of(release: Release, geography: Mapping[str, str]) -> Book:
    own = geography if release.geography is None else release.geography
    return book_of(release.published, geography=own)


def _comparable(new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Whether two reports count some of the same people and days by the same definitions."""
    first, last = zip(_span(new), _span(old), strict=True)
    return (
        new["definitions"] == old["definitions"]
        and bool(set(new["partnerships"]) & set(old["partnerships"]))
        and max(first) <= min(last)
    )


def _span(parameters: Mapping[str, Any]) -> tuple[str, str]:
    """First and last day of which a report tells something; the previous year is one of them."""
    names = ("year_start", "year_end", "snapshot", "movement_to", "suspects_from", "suspects_to")
    days = [parameters[name] for name in names if parameters[name]]
    year = int(parameters["year_start"][:4]) - 1
    return min(*days, f"{year}{parameters['year_start'][4:]}"), max(days)


def _only_agreeing(known: _Known, new: Book, old: Book, number: int) -> Book:
    """Add an earlier release, and give the part of it that agrees with the new report."""
    agreeing = {section for section in SECTIONS if not _changed(new, old, section)}
    names = {key: key if key[1] in agreeing else (f"release {number}", *key) for key in old.cells}
    for key, cell in old.cells.items():
        known.cells.setdefault(names[key], replace(cell, key=names[key], headline=False))
        if cell.value is not None and key in _printed(old):
            known.public.add(names[key])
        if names[key] != key and _moved_a_little(new, cell):
            known.must_hide.add(key)
    hidden = _printed(old, HIDDEN)
    known.was_hidden |= hidden | {names[key] for key in hidden}
    known.sums += [tuple((names[key], factor) for key, factor in terms) for terms in old.sums]
    return replace(old, cells={k: c for k, c in old.cells.items() if k[1] in agreeing})


def _printed(book: Book, value: str | None = None) -> set[Key]:
    """The keys of the printed cells, or of those printed as `value`."""
    return {p.key for p in book.places if value is None or book.at(*p.path) == value}


def _changed(new: Book, old: Book, section: str) -> bool:
    """Whether what both know differs, or what each knows does not add up together."""
    before = {key: cell.value for key, cell in old.cells.items() if key[1] == section}
    now = {key: new.cells[key].value for key in before if key in new.cells}
    if any(None not in (n, before[key]) and n != before[key] for key, n in now.items()):
        return True
    known = {k: n for k, n in {**before, **now}.items() if n is not None}
    whole = [terms for terms in old.sums if all(key in known for key, _ in terms)]
    return not adds_up(whole, known)


def _moved_a_little(new: Book, before: Cell) -> bool:
    now = new.cells.get(before.key)
    if now is None or now.value is None or before.value is None:
        return False
    told_of_all = now.headline or before.key[-1] in FLOWS
    return small(abs(now.value - before.value)) and not told_of_all


def _add_differences(known: _Known, more: Book, less: Book, *, guarded: bool) -> None:
    """Enter what the wider of two reports counts beyond the narrower, where it does."""
    for section in SECTIONS:
        wider = _wider(more.data["parameters"], less.data["parameters"], section)
        for key in sorted(_printed(less) & less.cells.keys()) if wider else ():
            counterpart = wider.counterpart(key) if wider and key[1] == section else None
            if wider and counterpart in more.cells and wider.grows(key):
                _add_difference(known, more.cells[counterpart], less.cells[key], wider, guarded)


@dataclass(frozen=True)
class _Wider:
    """How one report's section counts more than another's: what to put for what in a key."""

    scope: str
    difference: str  # the scope, or the dates, of what is counted beyond
    narrow: str
    wide: str
    kind: str

    def counterpart(self, key: Key) -> Key:
        """The key of the same category in the wider report."""
        return (self.scope, key[1], key[2].replace(self.narrow, self.wide), *key[3:])

    def rest(self, key: Key) -> Key:
        """The key of the difference: that of a report of the other partnerships alone."""
        if self.kind == "partnerships":
            return (self.difference, *key[1:])
        return (self.scope, key[1], self.difference, *key[2:])

    def grows(self, key: Key) -> bool:
        """Whether the count can only be larger in the wider report."""
        if self.kind == "types":
            return key[-1] == "total" or not set(BY_LEVEL) & set(key)
        return self.kind == "partnerships" or key[-1] != "under_investigation"


def _wider(more: Mapping[str, Any], less: Mapping[str, Any], section: str) -> _Wider | None:
    scope, dates = scope_of(more), dates_of(more)[section]
    ours, theirs = set(more["partnerships"]), set(less["partnerships"])
    if theirs < ours and dates == dates_of(less)[section]:
        return _Wider(scope, "+".join(sorted(ours - theirs)), dates, dates, "partnerships")
    if ours != theirs:
        return None
    if section == "suspect_management":
        return _wider_window(more, less, scope)
    narrow, wide = types_of(less), types_of(more)
    more_types = set(less["types"]) < set(more["types"])
    if section in ("strategic", "tactical") and more_types:
        return _Wider(scope, f"{wide} less {narrow}", f"{narrow} ", f"{wide} ", "types")
    return None


def _wider_window(more: Mapping[str, Any], less: Mapping[str, Any], scope: str) -> _Wider | None:
    wide = window(more["suspects_from"], more["suspects_to"])
    narrow = window(less["suspects_from"], less["suspects_to"])
    within = (
        more["suspects_from"] <= less["suspects_from"]
        and less["suspects_to"] <= more["suspects_to"]
    )
    if wide == narrow or not within:
        return None
    return _Wider(scope, f"{wide} less {narrow}", narrow, wide, "window")


def _add_difference(known: _Known, more: Cell, less: Cell, wider: _Wider, guarded: bool) -> None:
    """One count of the wider report is that of the narrower and the rest."""
    value = None if more.value is None or less.value is None else more.value - less.value
    if value is not None and value < 0:
        return  # the data has changed in between
    rest = wider.rest(less.key)
    known.cells.setdefault(rest, Cell(rest, value, guarded=guarded))
    known.sums.append(((more.key, -1), (less.key, 1), (rest, 1)))
