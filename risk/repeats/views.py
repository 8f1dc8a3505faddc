"""The list of children who were referred several times before the first decision at risk, for the manager."""

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
from hub.site.paging import Paging, nearest_page, paging
from referrals.children.models import Child
from risk.repeats.queries import all_repeated, first_support
from risk.repeats.rules import FEWEST, Repeated, longest_first, times_asked

PAGE_SIZE = 50


@dataclass(frozen=True)
class Row:
    """A child of the list; a day that has not come is None, and so is its number of days."""

    child: str
    reference: str
    address: str
    times: int
    first_on: date
    at_risk_on: date | None
    days_to_risk: int | None
    support_on: date | None
    days_to_support: int | None


@dataclass(frozen=True)
class RepeatsPage:
    """A page of the list, and the links to the children referred more often still."""

    times: int
    others: list[int]
    rows: list[Row]
    paging: Paging


@require_safe
def repeats(request: HttpRequest) -> HttpResponse:
    """List the children who were referred that often before somebody acted."""
    user = signed_in(request)
    require(user, Permission.EXCEPTIONS_VIEW)
    times = times_asked(request.GET.get("times", ""))
    page = repeats_page(user, times, request.GET.get("page", "1"))
    record(
        event="repeats.listed",
        verb=Verb.CONSULTATION,
        what="repeats",
        reference=f"{times} or more",
        at=timezone.now(),
        by=user,
        about=[row.reference for row in page.rows],
    )
    return render(request, "repeats/list.html", {"repeats": page})


def repeats_page(user: User, times: int, number: str) -> RepeatsPage:
    """Build the page, with the same number of queries for many as for few."""
    page = nearest_page(longest_first(all_repeated(user), times), PAGE_SIZE, number)
    numbers = [row.child for row in page]
    children = Child.objects.visible_to(user).in_bulk(numbers)
    support = first_support(user, numbers)
    things = "child" if page.paginator.count == 1 else "children"
    return RepeatsPage(
        times=times,
        others=[each for each in range(FEWEST, FEWEST + 3) if each != times],
        rows=[_row(one, children[one.child], support.get(one.child)) for one in page],
        paging=paging(page, things, f"times={times}"),
    )


def _row(one: Repeated, child: Child, support_on: date | None) -> Row:
    return Row(
        child=f"{child.surname}, {child.forenames}",
        reference=child.reference,
        address=reverse("risk-child-episodes", args=[child.pk]),
        times=one.times,
        first_on=one.first_on,
        at_risk_on=one.at_risk_on,
        days_to_risk=one.days_to_risk,
        support_on=support_on,
        days_to_support=(support_on - one.first_on).days if support_on else None,
    )
