"""Access from the manager's side: what ends soon, what one colleague sees, whose cases are left behind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from hub.access.gate import standing_of
from hub.access.rules import ROLES, Permission
from hub.accounts.models import User
from partners.agencies.models import Agency, Post
from partners.services.models import Service
from referrals.caseload.queries import address_of, open_to
from referrals.caseload.rules import Filters, View, worker_code
from referrals.children.models import Child
from referrals.granted.rules import (
    EVERY_CASE,
    MOST_ENDING,
    MOST_LEFT,
    NEAR,
    NO_CASE,
    NOTHING,
    SHARED,
)
from referrals.grants.models import GroupGrant, PersonGrant, Sight
from referrals.grants.rules import last_day

G = TypeVar("G", PersonGrant, GroupGrant)


@dataclass(frozen=True)
class Given:
    """A grant: to whom, why, and its last day (None: until it is ended)."""

    child_id: int
    reference: str
    to: str
    because: str
    last_day: date | None


@dataclass(frozen=True)
class Left:
    """Open cases whose lead worker holds no post any more."""

    name: str
    number: int
    link: str


@dataclass(frozen=True)
class Seen:
    """What a colleague is shown: by the role, in a sentence; and by name."""

    role: str
    sentence: str
    shared: bool
    named: list[Given]


def ending(user: User, now: datetime) -> list[Given]:
    """List the grants that run out within a month, the next first; emergency access is not among them."""
    people = PersonGrant.objects.visible_to(user).in_force().filter(emergency=False)
    groups = GroupGrant.objects.visible_to(user).in_force()
    names = _group_names(user)
    rows = [
        *(_given(row, row.user.name) for row in _soon(people.select_related("user"), now)),
        *(_given(row, names.get(row.group_id, "")) for row in _soon(groups, now)),
    ]
    rows.sort(key=lambda row: (row.last_day or date.max, row.reference))
    return rows[:MOST_ENDING]


def _soon(grants: QuerySet[G], now: datetime) -> Iterable[G]:
    near = grants.filter(expires_at__lte=now + NEAR).select_related("content_object")
    return near.order_by("expires_at", "pk")[:MOST_ENDING]


def _given(grant: PersonGrant | GroupGrant, to: str) -> Given:
    child: Child = grant.content_object
    until = last_day(grant.expires_at) if grant.expires_at else None
    return Given(child.pk, child.reference, to, grant.because, until)


def _group_names(user: User) -> dict[int, str]:
    """Name the groups to which children are granted: agencies, and services with their agency."""
    agencies = Agency.objects.visible_to(user).values_list("group_id", "name")
    services = Service.objects.visible_to(user).values_list("group_id", "name", "agency__name")
    return dict(agencies) | {group: f"{name} ({agency})" for group, name, agency in services}


def left_behind(user: User, today: date) -> list[Left]:
    """Count the open cases whose lead worker is a colleague that holds no post today, most cases first."""
    posts = Post.objects.visible_to(user)
    held = posts.filter(user__is_active=True).held_on(today).values("user__name")
    once = posts.values("user__name")
    led = open_to(user).filter(lead_worker__in=once).exclude(lead_worker__in=held)
    counted = led.values_list("lead_worker").annotate(number=Count("pk")).order_by("-number")
    return [
        Left(name, number, address_of(View(Filters(worker=worker_code(name)))))
        for name, number in counted[:MOST_LEFT]
    ]


def colleagues(user: User, today: date) -> list[tuple[str, str]]:
    """List the colleagues who hold a post today: number and name, for choosing one."""
    held = Post.objects.visible_to(user).filter(user__is_active=True).held_on(today)
    people = held.order_by("user__name", "user_id").values_list("user_id", "user__name").distinct()
    return [(str(number), name) for number, name in people]


def seen_by(user: User, person: User) -> Seen:
    """Say what a colleague is shown, as far as the manager sees the children themselves."""
    standing = standing_of(person)
    if standing is None:
        return Seen("", NOTHING, False, [])
    whole, shared = (
        standing.may(Permission.CASES_VIEW),
        standing.may(Permission.SHARED_CASES_VIEW),
    )
    sentence = EVERY_CASE if whole else SHARED if shared else NO_CASE
    mine = PersonGrant.objects.visible_to(user).in_force().filter(user=person, emergency=False)
    named = mine.select_related("content_object").order_by("content_object__reference")
    given = [_given(row, person.name) for row in named]
    return Seen(ROLES[standing.role].title, sentence, shared, given)


def shown_to(user: User, person: User) -> QuerySet[Child]:
    """Give the children shared with a colleague, by agency, service or name, in the order of references."""
    standing = standing_of(person)
    audiences = standing.audiences if standing else ()
    rows = Sight.objects.visible_to(user).filter(audience__in=audiences, child=OuterRef("pk"))
    lasting = rows.exclude(expires_at__lte=timezone.now())
    return Child.objects.visible_to(user).filter(Exists(lasting)).order_by("reference", "pk")
