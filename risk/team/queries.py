"""Reading who leads how many open cases, and which nobody leads: one question each, however many."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, Value, When

from hub.access.gate import standing_of
from hub.accounts.models import User
from partners.staffing.queries import away_on, holders, newly_qualified_on
from referrals.caseload.queries import address_of, open_to
from referrals.caseload.rules import GRAVITY, Filters, View, worker_code
from referrals.episodes.models import EpisodeQuerySet
from risk.meetings.models import MeetingTask

NO_POST = "Holds no post here"


@dataclass(frozen=True)
class Load:
    """What a person leads: open episodes by level, reviews overdue, and actions open on them."""

    high: int = 0
    medium: int = 0
    low: int = 0
    other: int = 0
    overdue: int = 0
    actions: int = 0
    late: int = 0

    @property
    def cases(self) -> int:
        """All that they lead."""
        return self.high + self.medium + self.low + self.other


@dataclass(frozen=True)
class Member:
    """A person of the team, with what they lead; `link` opens it (empty: nothing to open)."""

    name: str
    what: str
    notes: tuple[str, ...]
    load: Load
    link: str


def members(user: User, today: date) -> list[Member]:
    """Give the colleagues of the manager's own agency, and whoever else leads an open case, by name."""
    standing = standing_of(user)
    loads = _loads(user, today)
    notes = _notes(user, today)
    posts = {post.user.name: post for post in holders(user, today)}
    agency = standing.agency_id if standing else None
    names = {name for name, post in posts.items() if post.agency_id == agency} | set(loads)
    return [
        Member(
            name=name,
            what=posts[name].agency.name if name in posts else NO_POST,
            notes=notes.get(posts[name].user.username, ()) if name in posts else (),
            load=loads.get(name, Load()),
            link=address_of(View(Filters(worker=worker_code(name)))) if name in loads else "",
        )
        for name in sorted(names)
    ]


def _loads(user: User, today: date) -> dict[str, Load]:
    led = open_to(user).exclude(lead_worker="").order_by()
    counts: dict[str, Any] = {
        "high": Count("pk", filter=Q(level="HIGH")),
        "medium": Count("pk", filter=Q(level="MEDIUM")),
        "low": Count("pk", filter=Q(level="LOW")),
        "other": Count("pk", filter=~Q(level__in=["HIGH", "MEDIUM", "LOW"])),
        "overdue": Count("pk", filter=Q(review_due_on__lt=today)),
    }
    actions = _actions(user, today)
    found = {}
    for row in led.values("lead_worker").annotate(**counts):
        told: dict[str, Any] = dict(row)
        name = told.pop("lead_worker")
        found[name] = Load(**told, **actions.get(name, {}))
    return found


def _actions(user: User, today: date) -> dict[str, dict[str, int]]:
    """Count the actions that are open on the open cases that each person leads."""
    tasks = MeetingTask.objects.visible_to(user).open().order_by()
    led = tasks.filter(episode__closed_on=None).exclude(episode__lead_worker="")
    rows = led.values_list("episode__lead_worker").annotate(
        actions=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today))
    )
    return {name: {"actions": number, "late": late} for name, number, late in rows}


def _notes(user: User, today: date) -> dict[str, tuple[str, ...]]:
    """Say of each person, by user name, that they are away or newly qualified."""
    found: dict[str, tuple[str, ...]] = {}
    for username, row in away_on(user, today).items():
        found[username] = (f"Away until {_day(row.ends_on)}, {row.cover.name} covers",)
    for username, until in newly_qualified_on(user, today).items():
        said = f"Newly qualified until {_day(until)}"
        found[username] = (*found.get(username, ()), said)
    return found


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def unallocated(user: User) -> EpisodeQuerySet:
    """Give the open episodes that nobody leads, the gravest first, then those that have waited longest."""
    gravity = Case(
        *(When(level=level, then=Value(place)) for place, level in enumerate(GRAVITY)),
        default=Value(len(GRAVITY)),
        output_field=IntegerField(),
    )
    rows = open_to(user).filter(lead_worker="").select_related("child")
    return rows.order_by(gravity, "referred_on", "pk")
