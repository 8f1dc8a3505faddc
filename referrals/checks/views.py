"""What a person's agency answered lately, and may still change. What awaits an answer: risk/owed."""

from dataclasses import dataclass
from datetime import datetime

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
from hub.days.rules import age_on, london_date
from hub.site.paging import Paging, nearest_page, paging
from referrals.checks.models import AgencyCheck
from referrals.checks.queries import own_checks
from referrals.checks.rules import CHANGE, LISTED_FOR, OPEN_TO, state_of

PAGE_SIZE = 25


@dataclass(frozen=True)
class Row:
    """A check that one's own agency answered; `changes` where the answer can still be changed."""

    child: str
    age: int
    reference: str
    why: str
    answered_at: datetime | None
    state: str
    changes: bool
    address: str


@dataclass(frozen=True)
class AnsweredPage:
    """What the page shows."""

    agency: str
    rows: list[Row]
    paging: Paging


@require_safe
def answered(request: HttpRequest) -> HttpResponse:
    """List what the person's agency answered lately; the children on the page are put on the trail."""
    user, now = signed_in(request), timezone.now()
    standing = require(user, Permission.CHECKS_ANSWER)
    page = answered_page(user, standing.agency, now, request.GET.get("page", "1"))
    record(
        event="checks.listed",
        verb=Verb.CONSULTATION,
        what="checks",
        reference=standing.agency,
        at=now,
        by=user,
        about=[row.reference for row in page.rows],
    )
    return render(request, "checks/answered.html", {"page": page})


def answered_page(user: User, agency: str, now: datetime, number: str) -> AnsweredPage:
    """Build the page, with the same number of queries for many as for few."""
    lately = own_checks(user).filter(answered_at__gte=now - LISTED_FOR)
    rows = lately.with_decided().order_by("-answered_at", "-pk").select_related("child")
    page = nearest_page(rows, PAGE_SIZE, number)
    things = "check answered" if page.paginator.count == 1 else "checks answered"
    return AnsweredPage(agency, [_row(check, now) for check in page], paging(page, things))


def _row(check: AgencyCheck, now: datetime) -> Row:
    state = state_of(answered=True, decided=check.decided, due=check.due_at, now=now)
    child = check.child
    return Row(
        child=f"{child.surname}, {child.forenames}",
        age=age_on(child.date_of_birth, london_date(now)),
        reference=child.reference,
        why=check.get_why_display(),
        answered_at=check.answered_at,
        state=state,
        changes=OPEN_TO[state] == CHANGE,
        address=reverse("risk-child-check", args=[check.child_id, check.pk]),
    )
