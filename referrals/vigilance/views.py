"""The queue of findings, and one finding with its review."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.gate import require, standing_of
from hub.access.rules import ROLES, Permission, Role
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import NotAllowed
from hub.recording.http import Sheet, Stored, record_by_form
from hub.site.paging import Paging, nearest_page, paging
from referrals.vigilance.actions import OWN, review_unusual_access
from referrals.vigilance.forms import FindingForm
from referrals.vigilance.models import UnusualAccess, UnusualAccessQuerySet, UnusualAccessReview
from referrals.vigilance.rules import SENTENCES, Rule

PAGE_SIZE = 25
METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Row:
    """A finding in a list; `outcome` is empty until its review is closed."""

    reference: str
    address: str
    person: str
    day: date
    rule: str
    due_on: date
    overdue: bool
    outcome: str


@dataclass(frozen=True)
class FindingsPage:
    """What awaits review, the oldest first; or, where `closed`, what was reviewed, the latest first."""

    rows: list[Row]
    closed: bool
    paging: Paging


@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    """List the findings of the partnership to those who review them."""
    user, now = signed_in(request), timezone.now()
    require(user, Permission.ACCESS_REVIEW)
    closed = request.GET.get("show") == "closed"
    page = findings_page(user, request.GET.get("page", "1"), now, closed=closed)
    record(
        event="unusual_access.listed",
        verb=Verb.CONSULTATION,
        what="unusual access",
        reference="all",
        at=now,
        by=user,
        about=[row.reference for row in page.rows],
    )
    return render(request, "vigilance/findings.html", {"findings": page})


def findings_page(user: User, number: str, now: datetime, *, closed: bool) -> FindingsPage:
    """Build the page, with the same number of queries for many as for few."""
    seen = UnusualAccess.objects.visible_to(user).select_related("person")
    rows = seen.closed().select_related("unusualaccessreview") if closed else _for(user, seen)
    page = nearest_page(rows, PAGE_SIZE, number)
    told = "closed" if closed else "to be reviewed"
    shown = [_row(row, now, row.unusualaccessreview if closed else None) for row in page]
    return FindingsPage(shown, closed, paging(page, told, "show=closed" if closed else ""))


def waiting_for(user: User) -> int:
    """Count what awaits a reviewer's word, for their home page; 0 for anybody else."""
    standing = standing_of(user)
    if standing is None or not standing.may(Permission.ACCESS_REVIEW):
        return 0
    return _for(user, UnusualAccess.objects.visible_to(user)).count()


def _for(user: User, findings: UnusualAccessQuerySet) -> UnusualAccessQuerySet:
    return findings.waiting().exclude(person=user)


def _row(row: UnusualAccess, now: datetime, closed: UnusualAccessReview | None) -> Row:
    return Row(
        reference=row.reference,
        address=reverse("referrals-finding", args=[row.pk]),
        person=row.person.name,
        day=row.day,
        rule=row.get_rule_display(),
        due_on=row.review_due_on,
        overdue=closed is None and row.overdue(now),
        outcome=closed.get_outcome_display() if closed else "",
    )


@dataclass(frozen=True)
class FindingPage:
    """One finding as its reviewer reads it; `closed` is None until it is reviewed."""

    finding: UnusualAccess
    row: Row
    role: str
    sentence: str
    closed: UnusualAccessReview | None


@require_http_methods(METHODS)
def finding(request: HttpRequest, number: int) -> HttpResponse:
    """Show what was unusual and why, lead to the trail, and close the review."""
    user, now = signed_in(request), timezone.now()
    require(user, Permission.ACCESS_REVIEW)
    page = _finding_page(user, number, now)
    if page.finding.person_id == user.pk:
        raise NotAllowed(OWN)
    if request.method != "POST":
        _note_view(page, user, now)
        if page.closed:
            return render(request, "vigilance/closed.html", {"finding": page})

    def act(form: FindingForm) -> str:
        typed = form.cleaned_data
        review_unusual_access(
            finding=page.finding, outcome=typed["outcome"], words=typed["words"], by=user
        )
        return reverse("referrals-findings")

    stored = lambda: _stored(user, number)  # noqa: E731  # read anew each time
    return record_by_form(request, form=FindingForm, sheet=_sheet(page), stored=stored, act=act)


def _sheet(page: FindingPage) -> Sheet:
    return Sheet(
        title=f"Review of {page.row.reference}",
        heading=f"Unusual access {page.row.reference}",
        button="Close the review",
        back=reverse("referrals-findings"),
        done="The review is closed.",
        template="vigilance/finding.html",
        context={"finding": page},
    )


def _stored(user: User, number: int) -> Stored:
    closed = _closed(user, number)
    if closed is None:
        return Stored()
    values = {"outcome": closed.outcome, "words": closed.words}
    return Stored(values, str(closed.pk), closed.reviewed_by.name, closed.reviewed_at)


def _closed(user: User, number: int) -> UnusualAccessReview | None:
    rows = UnusualAccessReview.objects.visible_to(user).filter(finding=number)
    return rows.select_related("reviewed_by").first()


def _finding_page(user: User, number: int, now: datetime) -> FindingPage:
    rows = UnusualAccess.objects.visible_to(user).select_related("person")
    found = rows.filter(pk=number).first()
    if found is None:
        raise Http404
    closed = _closed(user, number)
    return FindingPage(
        finding=found,
        row=_row(found, now, closed),
        role=ROLES[Role(found.role)].title if found.role in set(Role) else "",
        sentence=SENTENCES[Rule(found.rule)] if found.rule in set(Rule) else "",
        closed=closed,
    )


def _note_view(page: FindingPage, user: User, now: datetime) -> None:
    record(
        event="unusual_access.viewed",
        verb=Verb.CONSULTATION,
        what="unusual access",
        reference=page.row.reference,
        at=now,
        by=user,
    )
