"""Asking for emergency access, ending it, and reviewing what others asked for."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import AuditEvent, Verb
from hub.errors import NotAllowed
from hub.recording.http import Sheet, Stored, record_by_form
from hub.site.paging import Paging, nearest_page, paging
from hub.trail.queries import entries
from hub.trail.rules import Sitting, sittings
from referrals.emergencies.actions import (
    OWN,
    end_emergency,
    open_in_emergency,
    review_emergency,
)
from referrals.emergencies.forms import EmergencyForm, ReviewForm
from referrals.emergencies.models import EmergencyAccess, EmergencyReview

PAGE_SIZE = 25
EVENTS_ON_A_PAGE = 100
LEAD = (
    "For a child who is in danger now, when you cannot see the record that you need. Your asking is noted and"
    " reviewed by the information-governance lead, whatever comes of it; so is everything you do meanwhile."
)
METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def ask(request: HttpRequest) -> HttpResponse:
    """Take whom somebody must see, why and for how long; until it is sent nothing is looked for."""
    user = signed_in(request)
    require(user, Permission.EMERGENCY_OPEN)

    def act(form: EmergencyForm) -> str:
        child = open_in_emergency(asked=form.asked, by=user).child_id
        if child is None:
            return reverse("referrals-emergency-nothing")
        return reverse("risk-child-summary", args=[child])

    sheet = Sheet(
        title="Emergency access",
        heading="Emergency access",
        button="Open the record",
        back=reverse("referrals-search"),
        done="Your asking is noted, with your reason.",
        lead=LEAD,
    )
    return record_by_form(request, form=EmergencyForm, sheet=sheet, stored=Stored, act=act)


@require_safe
def nothing(request: HttpRequest) -> HttpResponse:
    """Say that no record was opened, in the same words whatever the cause."""
    require(signed_in(request), Permission.EMERGENCY_OPEN)
    return render(request, "emergencies/nothing.html")


@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End one's own emergency access now."""
    user = signed_in(request)
    require(user, Permission.EMERGENCY_OPEN)
    emergency = EmergencyAccess.objects.visible_to(user).filter(pk=number).first()
    if emergency is None:
        raise Http404
    end_emergency(emergency=emergency, by=user)
    return redirect("hub-home")


# --- reviews ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """An emergency access in a list; `found` is empty until its review is closed."""

    reference: str
    address: str
    person: str
    asked_at: datetime
    came: str
    due_on: date
    overdue: bool
    found: str


@dataclass(frozen=True)
class ReviewsPage:
    """What awaits review, the oldest first, and what is closed, the latest first."""

    waiting: list[Waiting]
    closed: list[Waiting]
    paging: Paging


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """List the emergency accesses of the partnership to those who review them."""
    user, now = signed_in(request), timezone.now()
    require(user, Permission.EMERGENCY_REVIEW)
    page = reviews_page(user, request.GET.get("page", "1"), now)
    record(
        event="emergencies.listed",
        verb=Verb.CONSULTATION,
        what="emergency",
        reference="all",
        at=now,
        by=user,
        about=[row.reference for row in (*page.waiting, *page.closed)],
    )
    return render(request, "emergencies/reviews.html", {"reviews": page})


def reviews_page(user: User, number: str, now: datetime) -> ReviewsPage:
    """Build the page, with the same number of queries for many as for few."""
    rows = EmergencyAccess.objects.visible_to(user).filter(emergencyreview__isnull=False)
    rows = rows.select_related("person", "emergencyreview").order_by("-asked_at", "-pk")
    page = nearest_page(rows, PAGE_SIZE, number)
    closed = [_row(row, now, row.emergencyreview) for row in page]
    return ReviewsPage(waiting_for(user, now), closed, paging(page, "closed"))


def waiting_for(user: User, now: datetime) -> list[Waiting]:
    """Give what awaits a reviewer's word: for the list, and for their home page."""
    rows = EmergencyAccess.objects.visible_to(user).waiting().exclude(person=user)
    return [_row(row, now, None) for row in rows.select_related("person")]


def _row(row: EmergencyAccess, now: datetime, closed: EmergencyReview | None) -> Waiting:
    return Waiting(
        reference=row.reference,
        address=reverse("referrals-emergency-review", args=[row.pk]),
        person=row.person.name,
        asked_at=row.asked_at,
        came=row.get_outcome_display(),
        due_on=row.review_due_on,
        overdue=closed is None and row.overdue(now),
        found=closed.get_outcome_display() if closed else "",
    )


@dataclass(frozen=True)
class ReviewPage:
    """One emergency access as its reviewer reads it: no case, but every event done meanwhile.

    `more` says how many events are not shown; `closed` is None until it is reviewed.
    """

    emergency: EmergencyAccess
    row: Waiting
    events: list[Sitting]
    more: int
    closed: EmergencyReview | None


@require_http_methods(METHODS)
def review(request: HttpRequest, number: int) -> HttpResponse:
    """Show why somebody opened a record and what they did meanwhile, and close its review."""
    user, now = signed_in(request), timezone.now()
    require(user, Permission.EMERGENCY_REVIEW)
    page = _review_page(user, number, now)
    if page.emergency.person_id == user.pk:
        raise NotAllowed(OWN)
    if request.method != "POST":
        _note_view(page, user, now)
        if page.closed:
            return render(request, "emergencies/closed.html", {"review": page})

    def act(form: ReviewForm) -> str:
        typed = form.cleaned_data
        review_emergency(
            emergency=page.emergency, outcome=typed["outcome"], words=typed["words"], by=user
        )
        return reverse("referrals-emergency-reviews")

    return record_by_form(
        request,
        form=ReviewForm,
        sheet=_sheet(page),
        stored=lambda: _stored(user, number),
        act=act,
    )


def _sheet(page: ReviewPage) -> Sheet:
    return Sheet(
        title=f"Review of {page.row.reference}",
        heading=f"Emergency access {page.row.reference}",
        button="Close the review",
        back=reverse("referrals-emergency-reviews"),
        done="The review is closed.",
        template="emergencies/review.html",
        context={"review": page},
    )


def _stored(user: User, number: int) -> Stored:
    closed = _closed(user, number)
    if closed is None:
        return Stored()
    values = {"outcome": closed.outcome, "words": closed.words}
    return Stored(values, str(closed.pk), closed.reviewed_by.name, closed.reviewed_at)


def _closed(user: User, number: int) -> EmergencyReview | None:
    rows = EmergencyReview.objects.visible_to(user).filter(emergency=number)
    return rows.select_related("reviewed_by").first()


def _review_page(user: User, number: int, now: datetime) -> ReviewPage:
    rows = EmergencyAccess.objects.visible_to(user).select_related("person")
    emergency = rows.filter(pk=number).first()
    if emergency is None:
        raise Http404
    closed = _closed(user, number)
    events = AuditEvent.objects.visible_to(user).filter(
        about__contains=[emergency.reference], user_id=emergency.person_id
    )
    shown = list(events.order_by("at", "pk")[:EVENTS_ON_A_PAGE])
    return ReviewPage(
        emergency=emergency,
        row=_row(emergency, now, closed),
        events=sittings(entries(shown)),
        more=events.count() - len(shown),
        closed=closed,
    )


def _note_view(page: ReviewPage, user: User, now: datetime) -> None:
    record(
        event="emergency.viewed",
        verb=Verb.CONSULTATION,
        what="emergency",
        reference=page.row.reference,
        at=now,
        by=user,
    )
