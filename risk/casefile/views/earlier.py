"""What was corrected on a case: the earlier versions of a fact, each with who put it right and when."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from hub.accounts.models import User
from hub.days.rules import london_date
from hub.facts.models import Fact, FactQuerySet, FactSource
from referrals.children.models import Address, Alias, CareStatus, ChildDetails
from risk.casefile.rules import Looking, Version, heirs, last_of

F = TypeVar("F", bound=Fact)
PEOPLE = ("source", "recorded_by", "superseded_source", "superseded_by")


@dataclass(frozen=True)
class Earlier:
    """A version that no longer stands: what it said, who brought it, when, by whom and why it was put right.

    `why` is empty where an import brought the next version, and for what was withdrawn: the trail has it.
    """

    read: str
    by: str
    corrected_on: date
    corrected_by: str
    why: str


@dataclass(frozen=True)
class History:
    """How a fact came to say what it says: since when it was recorded at all, and what it said before."""

    since: datetime
    earlier: list[Earlier]


@dataclass(frozen=True)
class Histories:
    """The histories of the facts that stand, by their numbers, and what was withdrawn altogether."""

    of: dict[int, History]
    withdrawn: list[Earlier]


NONE = Histories({}, [])
KEYS: dict[type[Fact], tuple[str, ...]] = {
    ChildDetails: (),
    Alias: ("child_id", "position"),
    Address: ("child_id", "from_date", "position"),
    CareStatus: ("child_id", "status", "from_date", "position"),
}
"""Of which columns one version of a child's fact stands at a time."""


def versions_of(rows: FactQuerySet[F], looking: Looking) -> list[F]:
    """Read every version that was known, the superseded ones too, the oldest first."""
    if looking.known_at:
        rows = rows.filter(known_from__lte=looking.known_at)
    return list(rows.select_related(*PEOPLE).order_by("known_from", "pk"))


def histories(
    rows: Sequence[F], words: Callable[[F, F | None], str], looking: Looking
) -> Histories:
    """Tell the history of each fact that stands; `words` writes a version, given the one after it."""
    heir = heirs(_version(row, looking) for row in rows)
    by_number = {row.pk: row for row in rows}
    line: dict[int, list[F]] = defaultdict(list)
    for row in rows:
        line[last_of(row.pk, heir)].append(row)

    def told(row: F) -> Earlier:
        after = by_number.get(heir.get(row.pk, 0))
        return _earlier(row, words(row, after), after.reason if after else "")

    of, withdrawn = {}, []
    for number, versions in line.items():
        if _gone_at(by_number[number], looking):
            withdrawn.append(told(by_number[number]))
        else:
            before = [told(row) for row in versions if row.pk != number]
            of[number] = History(versions[0].known_from, before)
    return Histories(of, withdrawn)


def last_version(rows: Sequence[F], number: int) -> F | None:
    """Give the last version of the fact of which `number` is one; None where none of these is it."""
    heir = heirs(_version(row, Looking(date.max)) for row in rows)
    last = last_of(number, heir)
    return next((row for row in rows if row.pk == last), None)


def _version(row: Fact, looking: Looking) -> Version:
    key = tuple(getattr(row, name) for name in KEYS[type(row)])
    return Version(row.pk, key, row.known_from, _gone_at(row, looking), bool(row.reason))


def _gone_at(row: Fact, looking: Looking) -> datetime | None:
    moment = row.superseded_at
    ahead = moment and looking.known_at and moment > looking.known_at
    return None if ahead else moment


def _earlier(row: Fact, read: str, why: str) -> Earlier:
    return Earlier(
        read=read,
        by=by_whom(row.recorded_by, row.source),
        corrected_on=london_date(row.superseded_at or row.known_from),
        corrected_by=by_whom(row.superseded_by, row.superseded_source),
        why=why,
    )


def by_whom(person: User | None, source: FactSource | None) -> str:
    """Name the person, or the import."""
    if person is not None:
        return person.name
    return f"the import “{source.label}”" if source else ""
