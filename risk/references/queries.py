"""Reading a case by reference: one function of the database, which gives nothing that names somebody."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Span:
    """Something that held from a day to a day."""

    what: str
    from_date: date
    to_date: date | None


@dataclass(frozen=True)
class Service:
    """A service that was asked, and how it answered."""

    name: str
    outcome: str
    referred_on: date
    ended_on: date | None


@dataclass(frozen=True)
class EpisodeByReference:
    """An episode; levels with the day each was set, reviews with the days due and done, the latest first.

    `record` is the reference of the joined record on which it stands, empty on the child's own.
    """

    reference: str
    record: str
    referred_on: date
    closed_on: date | None
    source: str
    closure_reason: str
    types: list[str]
    levels: list[tuple[str, date]]
    reviews: list[tuple[date, date | None]]
    services: list[Service]


@dataclass(frozen=True)
class CaseByReference:
    """A case in codes, days and counts. `ward` is a code, empty where there is none or it is confidential."""

    reference: str
    age: int
    gender: str
    ethnicity: str
    ward: str
    out_of_area: bool
    confidential: bool
    statuses: list[Span]
    missing: int
    interviews: int
    episodes: list[EpisodeByReference]


def read_by_reference(child_id: int) -> CaseByReference | None:
    """Read a case with the records that are joined to it; None where the child is hidden or absent."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT risk_case_by_reference(%s)", [child_id])
        (found,) = cursor.fetchone()
    return _case(json.loads(found)) if found else None


def _case(told: dict[str, Any]) -> CaseByReference:
    home = told.pop("home") or {"ward": "", "out_of_area": False, "confidential": False}
    statuses = [
        Span(row["what"], _day(row["from_date"]), _end(row["to_date"]))
        for row in told.pop("statuses")
    ]
    episodes = [_episode(row) for row in told.pop("episodes")]
    return CaseByReference(**told, **home, statuses=statuses, episodes=episodes)


def _episode(row: dict[str, Any]) -> EpisodeByReference:
    return EpisodeByReference(
        reference=row["reference"],
        record=row["record"],
        referred_on=_day(row["referred_on"]),
        closed_on=_end(row["closed_on"]),
        source=row["referral_source"],
        closure_reason=row["closure_reason"],
        types=row["exploitation_types"],
        levels=[(level["level"], _day(level["set_on"])) for level in row["levels"]],
        reviews=[(_day(r["due_on"]), _end(r["done_on"])) for r in row["reviews"]],
        services=[
            Service(s["service"], s["outcome"], _day(s["referred_on"]), _end(s["ended_on"]))
            for s in row["services"]
        ],
    )


def _day(written: str) -> date:
    return date.fromisoformat(written)


def _end(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
