"""The administrators' lists: the people, one person, posts to confirm, ways in anew that wait."""

from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from hub.access.gate import require
from hub.access.rules import PERMISSIONS, ROLES, Permission, Role, Standing
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.site.paging import Paging, nearest_page, paging
from partners.agencies.models import Post, PostQuerySet
from partners.people.actions import confirm_post
from partners.people.models import Renewal
from partners.people.rules import confirm_by, is_to_be_confirmed, over_since, state_of

PAGE_SIZE = 50


@dataclass(frozen=True)
class Line:
    """A post with its person, as a list shows it; `over` is its last day where it is over.

    `closed` where the account is.
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
    _note(user, "people.listed", "all", now)
    page = people_page(user, standing, request.GET.get("page", "1"), london_date(now))
    return render(request, "people/list.html", {"page": page})


def people_page(user: User, standing: Standing, number: str, today: date) -> PeoplePage:
    """Give the page's data; the number of queries does not grow with the people."""
    posts = looked_after(user, standing)
    page = nearest_page(posts, PAGE_SIZE, number)
    waiting = Renewal.objects.visible_to(user).waiting().select_related("user", "asked_by")
    others = _running(posts.exclude(user=user), today)
    due = sum(is_to_be_confirmed(line.confirm_by, today) for line in others)
    things = "post" if page.paginator.count == 1 else "posts"
    return PeoplePage(
        [_line(post, today) for post in page], paging(page, things), list(waiting[:PAGE_SIZE]), due
    )


def looked_after(user: User, standing: Standing) -> PostQuerySet:
    """Give the posts of the administrator's people: of all the partnership, or of their own agency.

    Service accounts stand elsewhere (partners/machines): nobody signs in as one.
    """
    posts = Post.objects.visible_to(user).of_people()
    if standing.role is Role.AGENCY_ADMINISTRATOR:
        posts = posts.filter(agency_id=standing.agency_id or 0)
    holds = Authenticator.objects.filter(user=OuterRef("user_id"))
    told = posts.select_related("user", "agency").annotate(has_factor=Exists(holds))
    return told.order_by("user__name", "user_id", "-starts_on", "pk")


def _running(posts: PostQuerySet, today: date) -> list[Line]:
    return [_line(post, today) for post in posts.held_on(today).filter(user__is_active=True)]


def _line(post: Post, today: date) -> Line:
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
    _note(user, "person.viewed", page.person.username, now)
    return render(request, "people/person.html", {"page": page})


def person_page(user: User, posts: list[Post], now: datetime) -> PersonPage:
    """Give the page's data."""
    lines = [_line(post, london_date(now)) for post in posts]
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


def _deeds(role: Role) -> list[str]:
    return [PERMISSIONS[deed] for deed in Permission if deed in ROLES[role].permissions]


@require_safe
def to_confirm(request: HttpRequest) -> HttpResponse:
    """List the posts of which somebody is to say whether they are needed: once a year, one by one."""
    user, now = signed_in(request), timezone.now()
    standing = require(user, Permission.PEOPLE_MANAGE)
    today = london_date(now)
    running = _running(looked_after(user, standing).exclude(user=user), today)
    due = [line for line in running if is_to_be_confirmed(line.confirm_by, today)]
    due.sort(key=lambda line: (line.confirm_by, line.name))
    page = nearest_page(due, PAGE_SIZE, request.GET.get("page", "1"))
    _note(user, "posts.to_confirm_listed", "all", now)
    shown = {"lines": list(page), "paging": paging(page, "to confirm"), "today": today}
    return render(request, "people/to_confirm.html", shown)


@require_POST
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm one post, and go on with the list."""
    user = signed_in(request)
    standing = require(user, Permission.PEOPLE_MANAGE)
    post = looked_after(user, standing).filter(pk=number).first()
    if post is None:
        raise Http404
    confirm_post(post=post, now=timezone.now(), by=user)
    return redirect("partners-people-confirm")


def _note(user: User, event: str, reference: str, now: datetime) -> None:
    record(
        event=event, verb=Verb.CONSULTATION, what="account", reference=reference, at=now, by=user
    )
