"""What is asked of the trail, and what belongs to one sitting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

KEPT_FOR = timedelta(hours=1)
MOST_KEPT = 10
# How the database marks what was done in an emergency access (referrals/migrations/0016_emergency_access.py).
EMERGENCY = "EA-"
MOST_DAYS = 14  # so many are counted above the list, the latest that have any
# Further apart, it was another sitting.
APART = timedelta(minutes=30)


@dataclass(frozen=True)
class Asked:
    """What an auditor looks for; an event answers all that is not empty. Days are London's, both included."""

    reference: str = ""
    person: str = ""
    agency: str = ""
    verb: str = ""
    from_day: date | None = None
    to_day: date | None = None

    @property
    def words(self) -> str:
        """Say what was asked, for the page."""
        said = [
            f"about {self.reference}" if self.reference else "",
            f"by {self.person}" if self.person else "",
            f"of {self.agency}" if self.agency else "",
            self.verb,
            f"from {self.from_day:%-d %B %Y}" if self.from_day else "",
            f"to {self.to_day:%-d %B %Y}" if self.to_day else "",
        ]
        return ", ".join(word for word in said if word)

    def as_json(self) -> dict[str, str]:
        """Write it as a session keeps it, and as the trail says it."""
        return {name: str(value) for name, value in vars(self).items() if value}


def read_asked(kept: dict[str, str]) -> Asked:
    """Read what `as_json` wrote."""
    return Asked(
        reference=kept.get("reference", ""),
        person=kept.get("person", ""),
        agency=kept.get("agency", ""),
        verb=kept.get("verb", ""),
        from_day=_day(kept.get("from_day")),
        to_day=_day(kept.get("to_day")),
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


@dataclass(frozen=True)
class Entry:
    """An event as the auditor reads it: references alone, no content. `seal` is None until it is sealed.

    `emergency` names the emergency accesses in force when it was done; mostly there is none.
    """

    at: datetime
    username: str
    role: str
    agency: str
    verb: str
    event: str
    what: str
    reference: str
    reason: str
    seal: int | None
    emergency: str = ""


@dataclass(frozen=True)
class Day:
    """How much answers of a London day: events, who did them, children and episodes they were about."""

    day: date
    events: int
    people: int
    records: int


@dataclass(frozen=True)
class Sitting:
    """What one person did in one go, in the order of the list."""

    username: str
    role: str
    agency: str
    entries: list[Entry]


def sittings(entries: Iterable[Entry]) -> list[Sitting]:
    """Group neighbours of a list by time that are one person's and lie at most half an hour apart."""
    found: list[Sitting] = []
    for entry in entries:
        if found and _goes_on(found[-1].entries[-1], entry):
            found[-1].entries.append(entry)
        else:
            found.append(Sitting(entry.username, entry.role, entry.agency, [entry]))
    return found


def emergencies_of(about: list[str], reference: str) -> str:
    """Name the emergency accesses by which an event is marked, but for the one it is itself about."""
    return ", ".join(name for name in about if name.startswith(EMERGENCY) and name != reference)


def _goes_on(before: Entry, entry: Entry) -> bool:
    same = (before.username, before.role, before.agency) == (
        entry.username,
        entry.role,
        entry.agency,
    )
    return same and abs(before.at - entry.at) <= APART
