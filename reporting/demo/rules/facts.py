"""What the generator knows of people: whole courses, before they are cut off at a day.

A fact carries every date of its course, also those to come; `rows` writes what has happened by
a given day. So a later day writes the same rows, with ends filled in and new rows added.
"""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Worker:
    """A member of staff: the reference that extracts use, a name, the agency's code."""

    ref: str
    name: str
    agency: str


@dataclass(frozen=True, slots=True)
class Service:
    """A support service that children are referred to, and the agency that runs it."""

    code: str
    label: str
    agency: str


@dataclass(slots=True)
class Level:
    """A risk level with the moment of its recording."""

    set_on: date
    level: str
    recorded_at: datetime
    rationale: str


@dataclass(slots=True)
class Review:
    """A review that stands in the diary from `since`."""

    since: date
    due_on: date
    done_on: date


@dataclass(slots=True)
class Allocation:
    """A worker's time with an episode."""

    worker: Worker
    start: date
    end: date
    lead: bool


@dataclass(slots=True)
class ServiceReferral:
    """A referral to a service: waiting until decided; if accepted, it runs to its end."""

    service: str
    referred_on: date
    decided_on: date
    accepted: bool
    ended_on: date


@dataclass(slots=True)
class Episode:
    """One episode; `steps` are the levels as (day, level), from which `levels` are made."""

    referred_on: date
    closed_on: date
    reason: str
    steps: list[tuple[date, str]]
    id: str = ""
    source: str = ""
    types: str = "CSE"
    levels: list[Level] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    services: list[ServiceReferral] = field(default_factory=list)

    @property
    def at_risk(self) -> bool:
        """Say whether any decision found a risk."""
        return self.steps[-1][1] != "NO_RISK"


@dataclass(slots=True)
class Address:
    """A place of living, for a time."""

    start: date
    end: date | None
    line: str
    postcode: str
    ward: str
    out_of_area: bool = False
    confidential: bool = False


@dataclass(slots=True)
class Status:
    """A social-care status, for a time."""

    status: str
    start: date
    end: date | None


@dataclass(slots=True)
class Missing:
    """A missing episode; `answered_on` is the day of the return interview or its refusal."""

    missing_from: datetime
    found_at: datetime
    category: str
    answered_on: date
    accepted: bool


@dataclass(slots=True)
class Crime:
    """A recorded crime; `outcome` stands from `outcome_on`, NEW before (for good if it has none)."""

    ref: str
    offence_code: str
    offence_date: date
    recorded_on: date
    cse: bool
    outcome: str
    outcome_on: date | None
    suspects: list[str]
    victim_ref: str = ""
    victim_born: date | None = None
    victim_gender: str = ""


@dataclass(slots=True)
class Child:
    """A child with everything that hangs on it."""

    number: int
    gender: str
    born: date
    episodes: list[Episode]
    id: str = ""
    forenames: str = ""
    surname: str = ""
    ethnicity: str = ""
    nhs_number: str = ""
    upn: str = ""
    learning_disability: bool = False
    aliases: list[tuple[str, str]] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    crimes: list[Crime] = field(default_factory=list)

    @property
    def known_from(self) -> date:
        """Give the day of the first referral: nothing of the child is written before it."""
        return self.episodes[0].referred_on


@dataclass(slots=True)
class Occurrence:
    """A period of managing a suspect, with its levels as (day, level)."""

    id: str
    created_on: date
    closed_on: date
    levels: list[tuple[date, str]]


@dataclass(slots=True, eq=False)
class Suspect:
    """A person of concern to the police, written from `known_from` on."""

    id: str
    known_from: date
    gender: str
    born: date
    ethnicity: str = ""
    forenames: str = ""
    surname: str = ""
    occurrences: list[Occurrence] = field(default_factory=list)
