"""The partnership's log of what left the hub, for its manager and the auditor."""

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
from referrals.disclosures.models import Disclosure
from referrals.disclosures.queries import log_of
from referrals.disclosures.rules import ANSWERS

PAGE_SIZE = 50


@dataclass(frozen=True)
class Entry:
    """A disclosure in the log: no content; `address` is empty for one who sees no case."""

    on: date
    reference: str
    address: str
    kind: str
    recipient: str
    basis: str
    by: str
    recalled: str


@dataclass(frozen=True)
class LogPage:
    """A page of the log, the latest first."""

    rows: list[Entry]
    paging: Paging


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show what left the hub: to whom, by which law, and whether it was asked for back."""
    user = signed_in(request)
    standing = require(user, Permission.DISCLOSURES_READ)
    cases = standing.may(Permission.CASES_VIEW)
    page = log_page(user, request.GET.get("page", "1"), cases=cases)
    record(
        event="disclosures.listed",
        verb=Verb.CONSULTATION,
        what="disclosures",
        reference="all",
        at=timezone.now(),
        by=user,
        about=[row.reference for row in page.rows],
    )
    return render(request, "disclosures/log.html", {"log": page})


def log_page(user: User, number: str, *, cases: bool) -> LogPage:
    """Build the page, with the same number of queries for many as for few."""
    page = nearest_page(log_of(user), PAGE_SIZE, number)
    things = "disclosure" if page.paginator.count == 1 else "disclosures"
    return LogPage([_entry(row, cases) for row in page], paging(page, things))


def _entry(row: Disclosure, cases: bool) -> Entry:
    opens = cases and row.child_id is not None
    return Entry(
        on=row.disclosed_on,
        reference=row.reference,
        address=reverse("risk-child-disclosures", args=[row.child_id]) if opens else "",
        kind=row.get_kind_display(),
        recipient=row.recipient,
        basis=row.get_basis_display(),
        by=row.recorded_by.name,
        recalled=ANSWERS.get(getattr(row, "answered", None) or "", ""),
    )
