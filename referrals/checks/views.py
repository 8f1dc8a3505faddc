"""What an agency was asked and has not answered yet, overdue first; and what it answered."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hub.access.gate import require, standing_of
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import age_on, london_date
from hub.site.paging import Paging, nearest_page, paging
from referrals.checks.models import AgencyCheck, CheckQuerySet
from referrals.checks.rules import ANSWER, CHANGE, LISTED_FOR, OPEN_TO, OVERDUE, state_of

PAGE_SIZE = 25
VERBS = {ANSWER: "Answer", CHANGE: "Change the answer"}


@dataclass(frozen=True)
class Row:
    """A check of one's own agency; `verb` is empty where nothing can be done any more."""

    child: str
    age: int
    reference: str
    why: str
    asked_at: datetime
    due_at: datetime
    state: str
    overdue: bool
    verb: str
    address: str


@dataclass(frozen=True)
class AskedPage:
    """What the page shows: what awaits an answer, or what was answered."""

    agency: str
    answered: bool
    rows: list[Row]
    paging: Paging


@dataclass(frozen=True)
class Outstanding:
    """How much awaits an agency's answer, for the home page of its people."""

    number: int
    overdue: int


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """List what the person's agency was asked; the children on the page are put on the trail."""
    user, now = signed_in(request), timezone.now()
    standing = require(user, Permission.CHECKS_ANSWER)
    answered = request.GET.get("state") == "answered"
    page = asked_page(user, now, request.GET.get("page", "1"), answered=answered)
    record(
        event="checks.listed",
        verb=Verb.CONSULTATION,
        what="checks",
        reference=standing.agency,
        at=now,
        by=user,
        about=[row.reference for row in page.rows],
    )
    return render(request, "checks/asked.html", {"asked": page})


def asked_page(user: User, now: datetime, number: str, *, answered: bool) -> AskedPage:
    """Build the page, with the same number of queries for many as for few."""
    standing = standing_of(user)
    mine = own_checks(user)
    if answered:
        lately = mine.filter(answered_at__gte=now - LISTED_FOR)
        rows = lately.with_decided().order_by("-answered_at", "-pk")
    else:
        rows = mine.outstanding().order_by("due_at", "pk")
    page = nearest_page(rows.select_related("child"), PAGE_SIZE, number)
    things = "check" if page.paginator.count == 1 else "checks"
    return AskedPage(
        agency=standing.agency if standing else "",
        answered=answered,
        rows=[_row(check, now) for check in page],
        paging=paging(page, things, "state=answered" if answered else ""),
    )


def own_checks(user: User) -> CheckQuerySet:
    """Give what the person's own agency was asked, as far as they see the children."""
    standing = standing_of(user)
    agency = standing.agency_id if standing else None
    return AgencyCheck.objects.visible_to(user).filter(agency=agency)


def outstanding_of(user: User, now: datetime) -> Outstanding | None:
    """Count what awaits the person's agency; None for one who answers nothing."""
    standing = standing_of(user)
    if standing is None or not standing.may(Permission.CHECKS_ANSWER):
        return None
    due = list(own_checks(user).outstanding().values_list("due_at", flat=True))
    return Outstanding(len(due), sum(1 for moment in due if moment < now))


def _row(check: AgencyCheck, now: datetime) -> Row:
    state = state_of(
        answered=check.answered_at is not None, decided=check.decided, due=check.due_at, now=now
    )
    child = check.child
    return Row(
        child=f"{child.surname}, {child.forenames}",
        age=age_on(child.date_of_birth, london_date(now)),
        reference=child.reference,
        why=check.get_why_display(),
        asked_at=check.asked_at,
        due_at=check.due_at,
        state=state,
        overdue=state == OVERDUE,
        verb=VERBS.get(OPEN_TO[state], ""),
        address=reverse("risk-child-check", args=[check.child_id, check.pk]),
    )
