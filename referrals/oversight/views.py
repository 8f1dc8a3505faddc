"""The queue of what awaits review or is closed, and one access with its review, for any kind of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import NotAllowed
from hub.recording.http import Sheet, Stored, record_by_form
from hub.site.paging import Paging, nearest_page, paging
from referrals.oversight.actions import OWN
from referrals.oversight.forms import ReviewForm
from referrals.oversight.models import Access, AccessQuerySet, Review

PAGE_SIZE = 25
METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Queue:
    """A kind of access that is reviewed: its models, its words, its pages, and the action that closes it.

    `told` says of an access when and what it was; `columns` heads these two. `event` begins the names of
    its events, `facts` and `beneath` are templates about one, the second below what is common to all.
    """

    accesses: Any
    reviews: Any
    right: Permission
    outcomes: list[tuple[str, str]]
    event: str
    title: str
    lead: str
    columns: tuple[str, str]
    told: Callable[[Any], tuple[str, str]]
    all: str
    one: str
    facts: str
    beneath: str
    close: Callable[..., None]


@dataclass(frozen=True)
class Row:
    """An access in a list; `outcome` is empty until its review is closed."""

    reference: str
    address: str
    person: str
    happened: str
    came: str
    due_on: date
    overdue: bool
    outcome: str


@dataclass(frozen=True)
class ReviewsPage:
    """What awaits review, the oldest first; or, where `closed`, what was reviewed, the latest first."""

    queue: Queue
    rows: list[Row]
    closed: bool
    paging: Paging


def list_reviews(request: HttpRequest, queue: Queue) -> HttpResponse:
    """List the accesses of the partnership to those who review them."""
    user, now = signed_in(request), timezone.now()
    require(user, queue.right)
    closed = request.GET.get("show") == "closed"
    page = reviews_page(queue, user, request.GET.get("page", "1"), now, closed=closed)
    _note("listed", queue, "all", user, now, [row.reference for row in page.rows])
    return render(request, "oversight/reviews.html", {"reviews": page})


def reviews_page(
    queue: Queue, user: User, number: str, now: datetime, *, closed: bool
) -> ReviewsPage:
    """Build the page, with the same number of queries for many as for few."""
    done = queue.accesses.objects.visible_to(user).closed().select_related("person")
    page = nearest_page(done if closed else waiting_for(queue, user), PAGE_SIZE, number)
    rows = [row_of(queue, access, now, access.review if closed else None) for access in page]
    told = "closed" if closed else "to be reviewed"
    return ReviewsPage(queue, rows, closed, paging(page, told, "show=closed" if closed else ""))


def waiting_for(queue: Queue, user: User) -> AccessQuerySet[Any]:
    """Give what awaits a reviewer's word."""
    waiting: AccessQuerySet[Any] = queue.accesses.objects.visible_to(user).waiting_for(user)
    return waiting.select_related("person")


def row_of(queue: Queue, access: Access, now: datetime, closed: Any = None) -> Row:
    """Write an access for a list."""
    happened, came = queue.told(access)
    return Row(
        reference=access.reference,
        address=reverse(queue.one, args=[access.pk]),
        person=access.person.name,
        happened=happened,
        came=came,
        due_on=access.review_due_on,
        overdue=closed is None and access.overdue(now),
        outcome=closed.get_outcome_display() if closed else "",
    )


@dataclass(frozen=True)
class ReviewPage:
    """One access as its reviewer reads it; `closed` is None until it is reviewed.

    `more` is what its own two templates print besides the access.
    """

    queue: Queue
    access: Access
    row: Row
    closed: Review | None
    more: Any


def review_one(
    request: HttpRequest, queue: Queue, number: int, more: Callable[[User, Any], object]
) -> HttpResponse:
    """Show what somebody did and why it is to be judged, and close its review."""
    user, now = signed_in(request), timezone.now()
    require(user, queue.right)
    page = _review_page(queue, user, number, now, more)
    if page.access.person_id == user.pk:
        raise NotAllowed(OWN)
    if request.method != "POST":
        _note("viewed", queue, page.row.reference, user, now)
        if page.closed:
            return render(request, "oversight/closed.html", {"review": page})

    def act(form: ReviewForm) -> str:
        typed = form.cleaned_data
        queue.close(access=page.access, outcome=typed["outcome"], words=typed["words"], by=user)
        return reverse(queue.all)

    return record_by_form(
        request,
        form=partial(ReviewForm, outcomes=queue.outcomes),
        sheet=_sheet(page),
        stored=lambda: _stored(_closed(queue, user, number)),
        act=act,
    )


def _review_page(
    queue: Queue, user: User, number: int, now: datetime, more: Callable[[User, Any], object]
) -> ReviewPage:
    seen = queue.accesses.objects.visible_to(user).select_related("person")
    access = seen.filter(pk=number).first()
    if access is None:
        raise Http404
    closed = _closed(queue, user, number)
    return ReviewPage(queue, access, row_of(queue, access, now, closed), closed, more(user, access))


def _sheet(page: ReviewPage) -> Sheet:
    return Sheet(
        title=f"Review of {page.row.reference}",
        heading=f"{page.queue.title} {page.row.reference}",
        button="Close the review",
        back=reverse(page.queue.all),
        done="The review is closed.",
        template="oversight/review.html",
        context={"review": page},
    )


def _closed(queue: Queue, user: User, number: int) -> Any:
    reviews = queue.reviews.objects.visible_to(user).filter(access=number)
    return reviews.select_related("reviewed_by").first()


def _stored(closed: Any) -> Stored:
    if closed is None:
        return Stored()
    values = {"outcome": closed.outcome, "words": closed.words}
    return Stored(values, str(closed.pk), closed.reviewed_by.name, closed.reviewed_at)


def _note(
    deed: str,
    queue: Queue,
    reference: str,
    user: User,
    now: datetime,
    about: list[str] | None = None,
) -> None:
    record(
        event=f"{queue.event}.{deed}",
        verb=Verb.CONSULTATION,
        what=queue.accesses.what,
        reference=reference,
        at=now,
        by=user,
        about=about or [],
    )
