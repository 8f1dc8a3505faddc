"""The administrators' lists: the people, one person, ways in anew that wait."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hub.access.gate import require
from hub.access.rules import PERMISSIONS, ROLES, Permission, Role, Standing
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.site.paging import Paging, nearest_page, paging
from partners.agencies.models import Post
from partners.people.models import Renewal
from partners.people.queries import due_posts, looked_after
from partners.people.rules import confirm_by, over_since, state_of
from partners.staffing.queries import newly_qualified_on

PAGE_SIZE = 50


@dataclass(frozen=True)
class Line:
    """A post with its person, as a list shows it; `over` is its last day where it is over.

    `closed` where the account is. `qualifies` for a social worker, who is newly qualified `until` a day.
    """

    post_id: int
    person_id: int
    name: str
    username: str
    agency: str
    role: str
    starts_on: date
    confirm_by: date
    last_login: datetime | None
    has_factor: bool
    state: str
    over: date | None
    closed: bool
    qualifies: bool = False
    until: date | None = None


@dataclass(frozen=True)
class PeoplePage:
    """A page of posts; `waiting` are ways in anew that a second administrator is to approve."""

    lines: list[Line]
    paging: Paging
    waiting: list[Renewal]
    due: int


@dataclass(frozen=True)
class PersonPage:
    """One person with their posts, what their roles allow, and their ways in anew.

    `is_own` where it is the reader: others do what there is to do. `good` are the ways in whose code can
    still be used.
    """

    person: User
    lines: list[Line]
    allows: list[tuple[str, list[str]]]
    renewals: list[Renewal]
    may_renew: bool
    is_own: bool
    good: set[int]


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """List the people whom the administrator looks after."""
    user, now = signed_in(request), timezone.now()
    standing = require(user, Permission.PEOPLE_MANAGE)
    note(user, "people.listed", "all", now)
    page = people_page(user, standing, request.GET.get("page", "1"), london_date(now))
    return render(request, "people/list.html", {"page": page})


def people_page(user: User, standing: Standing, number: str, today: date) -> PeoplePage:
    """Give the page's data; the number of queries does not grow with the people."""
    posts = looked_after(user, standing)
    page = nearest_page(posts, PAGE_SIZE, number)
    waiting = Renewal.objects.visible_to(user).waiting().select_related("user", "asked_by")
    due = len(due_posts(user, standing, today))
    things = "post" if page.paginator.count == 1 else "posts"
    return PeoplePage(
        [line_of(post, today) for post in page],
        paging(page, things),
        list(waiting[:PAGE_SIZE]),
        due,
    )


def line_of(post: Post, today: date) -> Line:
    """Give a post as a list shows it."""
    over = over_since(post.ends_on, post.ended_at, today)
    return Line(
        post_id=post.pk,
        person_id=post.user_id,
        name=post.user.name,
        username=post.user.username,
        agency=post.agency.name,
        role=ROLES[Role(post.role)].title,
        starts_on=post.starts_on,
        confirm_by=confirm_by(post.starts_on, post.confirmed_on),
        last_login=post.user.last_login,
        has_factor=bool(getattr(post, "has_factor", False)),
        state=state_of(post.starts_on, over, today),
        over=over,
        closed=not post.user.is_active,
    )


@require_safe
def person(request: HttpRequest, number: int) -> HttpResponse:
    """Show one of the administrator's people, with what can be done."""
    user, now = signed_in(request), timezone.now()
    standing = require(user, Permission.PEOPLE_MANAGE)
    posts = list(looked_after(user, standing).filter(user_id=number))
    if not posts:
        raise Http404
    page = person_page(user, posts, now)
    note(user, "person.viewed", page.person.username, now)
    return render(request, "people/person.html", {"page": page})


def person_page(user: User, posts: list[Post], now: datetime) -> PersonPage:
    """Give the page's data."""
    lines = _with_qualifying(user, [line_of(post, london_date(now)) for post in posts], now)
    held = {Role(post.role) for post, line in zip(posts, lines, strict=True) if not line.over}
    renewals = Renewal.objects.visible_to(user).filter(user=posts[0].user)
    return PersonPage(
        person=posts[0].user,
        lines=lines,
        allows=[(ROLES[role].title, _deeds(role)) for role in sorted(held)],
        renewals=list(
            renewals.select_related("asked_by", "approved_by", "withdrawn_by").order_by(
                "-asked_at"
            )[:10]
        ),
        may_renew=posts[0].user.is_active and posts[0].user_id != user.pk,
        is_own=posts[0].user_id == user.pk,
        good=set(renewals.good(now).values_list("pk", flat=True)),
    )


def _with_qualifying(user: User, lines: list[Line], now: datetime) -> list[Line]:
    """Say of a social worker's posts that last until when the person is newly qualified."""
    until = newly_qualified_on(user, london_date(now))
    title = ROLES[Role.SOCIAL_WORKER].title
    return [
        replace(line, qualifies=True, until=until.get(line.username))
        if line.role == title and not line.over
        else line
        for line in lines
    ]


def _deeds(role: Role) -> list[str]:
    return [PERMISSIONS[deed] for deed in Permission if deed in ROLES[role].permissions]


def note(user: User, event: str, reference: str, now: datetime) -> None:
    """Put on the trail that somebody looked at people."""
    record(
        event=event, verb=Verb.CONSULTATION, what="account", reference=reference, at=now, by=user
    )
