"""The cases behind the figures, one small record for each, as the queries read them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class EpisodeCase:
    """An episode that could count in the year; `closed_on` only if the closing was known."""

    episode: int
    child: int
    referred_on: date
    closed_on: date | None
    closure_reason: str
    referral_source: str
    born: date
    gender: str
    first_level: str | None


@dataclass(frozen=True, slots=True)
class OpenEpisode:
    """An episode open at the end of a day, with the latest level set on it by then."""

    episode: int
    child: int
    level: str | None
    set_on: date | None


@dataclass(frozen=True, slots=True)
class OpenChild:
    """A child with an open episode on the snapshot. `held` are the statuses held on that day."""

    child: int
    partnership: int
    born: date
    gender: str
    ethnicity: str
    learning_disability: bool | None
    held: list[str]
    some_ended: bool
    has_address: bool
    confidential: bool
    out_of_area: bool
    ward: str


@dataclass(frozen=True, slots=True)
class CrimeCase:
    """A crime with its offence in the year; `suspects_born` has an entry for each link."""

    suspects_born: tuple[date | None, ...]
    crime: int
    offence_code: str
    offence_date: date
    cse_tag: bool
    outcome: str
    victim_born: date | None
    victim_gender: str


@dataclass(frozen=True, slots=True)
class OccurrenceCase:
    """A suspect-management occurrence created in the window."""

    occurrence: int
    created_on: date
    closed_on: date | None
    born: date | None
    gender: str
    ethnicity: str


@dataclass(frozen=True, slots=True)
class MissingCase:
    """A missing episode that began in the year; days are Europe/London's."""

    missing: int
    child: int
    found_on: date | None
    interviewed_on: date | None


@dataclass(frozen=True)
class Cases:
    """Everything a report counts. `wards`: partnership and GSS code to ward and constituency names."""

    episodes: list[EpisodeCase]
    open_then: list[OpenEpisode]
    open_later: list[OpenEpisode]
    children: list[OpenChild]
    wards: dict[tuple[int, str], tuple[str, str]]
    crimes: list[CrimeCase]
    missing: list[MissingCase]
    occurrences: list[OccurrenceCase]
