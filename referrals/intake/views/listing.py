"""The hub's list of referrals, with the clock of each."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.site.paging import Paging, nearest_page, paging
from referrals.intake.models import Referral
from referrals.intake.queries import ORDERS, listed
from referrals.intake.rules import ABOUT, LISTS, OF_FEEDBACK, ROUTES, WAITING, YES, clock

PAGE_SIZE = 50
HEADINGS = (
    ("Number", "reference"),
    ("About", ""),
    ("Received", "received"),
    ("From", "agency"),
    ("Route", ""),
    ("Clock", "clock"),
    ("State", ""),
)


@dataclass(frozen=True)
class Heading:
    """A column's heading; `order` is how it is sorted now, `link` sorts by it (empty: by no order)."""

    label: str
    link: str
    order: str


@dataclass(frozen=True)
class ListRow:
    """A referral in the list."""

    number: int
    reference: str
    whom: str
    about: str
    received_on: date
    agency: str
    route: str
    due_on: date
    clock: str
    over: bool
    state: str
    danger: bool


@dataclass(frozen=True)
class Tab:
    """One of the lists."""

    label: str
    address: str
    here: bool


@dataclass(frozen=True)
class ListPage:
    """A page of a list; `takes_calls` where the person takes calls down."""

    tabs: list[Tab]
    headings: list[Heading]
    rows: list[ListRow]
    paging: Paging
    which: str
    takes_calls: bool


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """List the partnership's referrals: those that wait, or another of the lists."""
    user = signed_in(request)
    standing = require(user, Permission.CASES_VIEW)
    which = request.GET.get("list", WAITING)
    which = which if which in LISTS else WAITING
    order, number = request.GET.get("sort", ""), request.GET.get("page", "1")
    takes = standing.may(Permission.REFERRALS_RECEIVE)
    page = list_page(user, which, order, number, timezone.now(), takes_calls=takes)
    record(
        event="referrals.listed",
        verb=Verb.CONSULTATION,
        what="referrals",
        reference=which,
        at=timezone.now(),
        by=user,
        about=[row.reference for row in page.rows],
    )
    return render(request, "intake/list.html", {"page": page})


def list_page(
    user: User, which: str, order: str, number: str, now: datetime, *, takes_calls: bool
) -> ListPage:
    """Build the page, with the same number of queries for many as for few."""
    order = order if order.removeprefix("-") in ORDERS else ""
    page = nearest_page(listed(user, which, order), PAGE_SIZE, number)
    things = "referral" if page.paginator.count == 1 else "referrals"
    kept = urlencode({"list": which, **({"sort": order} if order else {})})
    today = london_date(now)
    return ListPage(
        tabs=[Tab(words, f"?list={code}", code == which) for code, words in LISTS.items()],
        headings=[_heading(label, by, which, order) for label, by in HEADINGS],
        rows=[_row(row, which, today) for row in page],
        paging=paging(page, things, kept),
        which=which,
        takes_calls=takes_calls,
    )


def _heading(label: str, by: str, which: str, order: str) -> Heading:
    if not by:
        return Heading(label, "", "")
    now = order or "clock"
    here = {by: "ascending", f"-{by}": "descending"}.get(now, "")
    turned = f"-{by}" if here == "ascending" else by
    return Heading(label, f"?{urlencode({'list': which, 'sort': turned})}", here)


def _row(row: Referral, which: str, today: date) -> ListRow:
    due = row.feedback_by if which in OF_FEEDBACK else row.decide_by
    runs = which in OF_FEEDBACK or (row.decided_at is None and row.withdrawn_at is None)
    return ListRow(
        number=row.pk,
        reference=row.reference,
        whom=row.whom,
        about=ABOUT[row.about],
        received_on=london_date(row.received_at),
        agency=row.agency or "Not given",
        route=ROUTES[row.route],
        due_on=due,
        clock=clock(due, today) if runs else "",
        over=runs and due < today,
        state=row.state,
        danger=row.in_danger == YES and row.decided_at is None,
    )
