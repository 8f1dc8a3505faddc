"""The list of joined records, for those who join and take apart."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
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
from referrals.children.models import Child
from referrals.joinings.models import Joining
from referrals.joinings.queries import standing_joinings

PAGE_SIZE = 50


@dataclass(frozen=True)
class Row:
    """Two records that are joined; `apart` leads to the form that takes them apart."""

    name: str
    kept: str
    address: str
    joined_name: str
    joined: str
    since: date
    by: str
    why: str
    apart: str


@dataclass(frozen=True)
class JoiningsPage:
    """A page of the list, the latest first."""

    rows: list[Row]
    paging: Paging


@require_safe
def joinings(request: HttpRequest) -> HttpResponse:
    """List the records that are joined, as far as the person sees both of a pair."""
    user = signed_in(request)
    require(user, Permission.RECORDS_JOIN)
    page = joinings_page(user, request.GET.get("page", "1"))
    record(
        event="joinings.listed",
        verb=Verb.CONSULTATION,
        what="joinings",
        reference="list",
        at=timezone.now(),
        by=user,
        about=[reference for row in page.rows for reference in (row.kept, row.joined)],
    )
    return render(request, "joinings/list.html", {"joinings": page})


def joinings_page(user: User, number: str) -> JoiningsPage:
    """Build the page, with the same number of queries for many as for few."""
    page = nearest_page(standing_joinings(user), PAGE_SIZE, number)
    things = "joined record" if page.paginator.count == 1 else "joined records"
    return JoiningsPage([_row(fact) for fact in page], paging(page, things))


def _row(fact: Joining) -> Row:
    return Row(
        name=_name(fact.kept),
        kept=fact.kept.reference,
        address=reverse("risk-child-summary", args=[fact.kept_id]),
        joined_name=_name(fact.child),
        joined=fact.child.reference,
        since=london_date(fact.known_from),
        by=fact.recorded_by.name if fact.recorded_by else "",
        why=fact.reason,
        apart=reverse("risk-child-apart", args=[fact.kept_id, fact.pk]),
    )


def _name(child: Child) -> str:
    return f"{child.surname}, {child.forenames}"
