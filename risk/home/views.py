"""The home page of each role: what needs the person now, what is new, what they looked at last."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hub.access.gate import standing_of
from hub.access.rules import Permission, Standing
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import AuditEvent, Verb
from hub.days.rules import SOON, london_date
from hub.recording.models import Draft
from partners.people.queries import awaiting
from referrals.caseload.queries import (
    CaseloadRow,
    address_of,
    counted,
    in_order,
    open_to,
    rows_of,
)
from referrals.caseload.rules import View
from referrals.children.models import Child
from referrals.emergencies.views import EMERGENCIES
from referrals.episodes.models import EpisodeQuerySet
from referrals.granted.queries import ending, left_behind
from referrals.identities.queries import shown
from referrals.identities.views import IDENTIFIED
from referrals.intake.queries import listed
from referrals.intake.rules import FEEDBACK_LATE, WAITING
from referrals.oversight.views import Row, row_of, waiting_for
from referrals.vigilance.views import UNUSUAL
from risk.home.rules import (
    MOST_NEEDS,
    MOST_RECENT,
    Counted,
    child_in,
    exceptions_of,
    work_of,
)
from risk.owed.queries import counted as counted_work
from risk.team.queries import unallocated

# So many of the last views are looked through for the children last seen.
VIEWS_LOOKED_THROUGH = 60


@dataclass(frozen=True)
class Figure:
    """A count and the caseload behind it."""

    number: int
    words: str
    link: str


@dataclass(frozen=True)
class Recent:
    """A child the person looked at lately."""

    child_id: int
    name: str
    reference: str


@dataclass(frozen=True)
class HalfWritten:
    """A form that the person began and has not sent; `too_late`: it was sent after the session's end."""

    title: str
    address: str
    saved_on: date
    too_late: bool


@dataclass(frozen=True)
class HomePage:
    """What a home page shows; a role that opens no case has none of it.

    `needs` are the reviews that are late or near, or a charity's children; `verb` is what the person
    does about each. `next_review` is the next one planned, said where nothing needs them.
    """

    heading: str
    verb: str
    needs: list[CaseloadRow]
    more: int
    more_link: str
    next_review: date | None
    figures: list[Figure]
    exceptions: list[Figure]
    access: list[Figure]
    recent: list[Recent]
    drafts: list[HalfWritten]
    of_charity: bool


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show a person what needs them; what it shows of children is put on the trail."""
    user = signed_in(request)
    now = timezone.now()
    page = home_page(user, london_date(now))
    if page is not None:
        record(
            event="home.viewed",
            verb=Verb.CONSULTATION,
            what="home",
            reference="home",
            at=now,
            by=user,
            after={"episodes": [row.reference for row in page.needs]},
            about=[row.child_reference for row in page.needs],
        )
    context = {
        "home": page,
        "work": _work(user, now) if page else None,
        "desk": _desk(user),
        "team": _team(user),
        "reviews": _reviews(user, now),
        "by_reference": _by_reference(user),
        "awaiting": awaiting(user, now),
    }
    return render(request, "site/home.html", context)


@dataclass(frozen=True)
class Work:
    """How much the person owes, and how much of it is late."""

    number: int
    late: int


def _work(user: User, now: datetime) -> Work:
    owed = counted_work(user, now).values()
    return Work(sum(each.number for each in owed), sum(each.late for each in owed))


def _desk(user: User) -> list[Figure]:
    """Count the referrals that wait, and the referrers who were not told in time, for who takes them in."""
    standing = standing_of(user)
    if standing is None or not standing.may(Permission.REFERRALS_RECEIVE):
        return []
    link = reverse("referrals-waiting")
    return [
        Figure(listed(user, WAITING, "").count(), "waiting for a decision", link),
        Figure(
            listed(user, FEEDBACK_LATE, "").count(),
            "whose referrer was not told in time",
            f"{link}?list={FEEDBACK_LATE}",
        ),
    ]


def _team(user: User) -> list[Figure]:
    """Count for who leads the team the open cases that nobody leads."""
    standing = standing_of(user)
    if standing is None or not standing.may(Permission.TEAM_LEAD):
        return []
    number = unallocated(user).count()
    return [Figure(number, "open, and nobody leads them", reverse("risk-team-unallocated"))]


@dataclass(frozen=True)
class ByReference:
    """What one who works by reference finds at home: what is half-written."""

    drafts: list[HalfWritten]


def _by_reference(user: User) -> ByReference | None:
    standing = standing_of(user)
    if standing is None or not standing.may(Permission.CASES_BY_REFERENCE):
        return None
    return ByReference(_half_written(user))


@dataclass(frozen=True)
class ToReview:
    """What awaits a reviewer: the first emergency accesses, how many `more`; how many of the other kinds."""

    emergencies: list[Row]
    columns: tuple[str, str]
    more: int
    unusual: int
    identified: int


def _reviews(user: User, now: datetime) -> ToReview | None:
    """Give a reviewer what awaits their word; nothing to anybody else."""
    standing = standing_of(user)
    if standing is None or not standing.may(Permission.EMERGENCY_REVIEW):
        return None
    emergencies = waiting_for(EMERGENCIES, user)
    first = [row_of(EMERGENCIES, access, now) for access in emergencies[:MOST_NEEDS]]
    return ToReview(
        emergencies=first,
        columns=EMERGENCIES.columns,
        more=emergencies.count() - len(first),
        unusual=waiting_for(UNUSUAL, user).count(),
        identified=waiting_for(IDENTIFIED, user).count(),
    )


def home_page(user: User, today: date) -> HomePage | None:
    """Build the page for one who sees cases; None for anybody else."""
    standing = standing_of(user)
    if standing is None:
        return None
    if standing.may(Permission.CASES_VIEW):
        return _of_the_hub(user, standing, today)
    return _of_a_charity(user, today) if standing.may(Permission.SHARED_CASES_VIEW) else None


def _of_the_hub(user: User, standing: Standing, today: date) -> HomePage:
    """The reviews that are late or near come first, the longest overdue at the top."""
    work = _figures(user, work_of(standing, today), today)
    overdue, soon, _new = work
    due = open_to(user).filter(review_due_on__lte=today + SOON)
    needs = rows_of(user, _first(due), today)
    records = standing.may(Permission.LEVELS_RECORD)
    return HomePage(
        heading="Needs you" if records else "Reviews overdue or due within 7 days",
        verb="Review" if records else "Open",
        needs=needs,
        more=overdue.number + soon.number - len(needs),
        more_link=address_of(View()),
        next_review=None if needs else _next_review(user),
        figures=work,
        exceptions=_figures(user, exceptions_of(standing), today),
        access=_of_access(user, standing, today),
        recent=_recently_viewed(user),
        drafts=_half_written(user),
        of_charity=False,
    )


def _of_access(user: User, standing: Standing, today: date) -> list[Figure]:
    """Count for a manager the cases that leavers left behind, and the access that ends soon."""
    if not standing.may(Permission.GRANTS_MANAGE):
        return []
    link = reverse("referrals-granted")
    left = sum(row.number for row in left_behind(user, today))
    return [
        Figure(left, "open, and the lead worker has left", link),
        Figure(len(ending(user, timezone.now())), "grants that end within 30 days", link),
    ]


def _of_a_charity(user: User, today: date) -> HomePage:
    """A charity sees its own children and no count of the hub's."""
    own = open_to(user)
    needs = rows_of(user, _first(own), today)
    return HomePage(
        heading="My children",
        verb="Open",
        needs=needs,
        more=own.count() - len(needs),
        more_link=address_of(View()),
        next_review=None,
        figures=[],
        exceptions=[],
        access=[],
        recent=_recently_viewed(user),
        drafts=_half_written(user),
        of_charity=True,
    )


def _first(episodes: EpisodeQuerySet) -> EpisodeQuerySet:
    return in_order(episodes, View()).select_related("child")[:MOST_NEEDS]


def _figures(user: User, asked: list[Counted], today: date) -> list[Figure]:
    numbers = counted(user, {str(n): each.filters for n, each in enumerate(asked)}, today)
    return [
        Figure(numbers[str(n)], each.words, address_of(View(each.filters)))
        for n, each in enumerate(asked)
    ]


def _next_review(user: User) -> date | None:
    planned = open_to(user).filter(review_due_on__isnull=False)
    return planned.order_by("review_due_on").values_list("review_due_on", flat=True).first()


def _half_written(user: User) -> list[HalfWritten]:
    """Give the person's own drafts, the latest first; none about a child hidden from them since."""
    drafts = list(Draft.objects.visible_to(user).lasting(timezone.now()))
    about = {draft.pk: child_in(draft.address) for draft in drafts}
    numbers = set(filter(None, about.values()))
    seen = Child.objects.visible_to(user).filter(pk__in=numbers)
    there = {None, *seen.values_list("pk", flat=True), *shown(numbers)}
    return [
        HalfWritten(draft.title, draft.address, london_date(draft.saved_at), draft.sealed)
        for draft in drafts
        if about[draft.pk] in there
    ]


def _recently_viewed(user: User) -> list[Recent]:
    """Give the children whose pages the person opened last, as far as they may still see them."""
    own = AuditEvent.objects.visible_to(user).filter(user_id=user.pk, what="child")
    seen = own.filter(verb=Verb.CONSULTATION).order_by("-at", "-pk")
    references = list(
        dict.fromkeys(seen.values_list("reference", flat=True)[:VIEWS_LOOKED_THROUGH])
    )
    children = Child.objects.visible_to(user).filter(reference__in=references[:MOST_RECENT])
    by_reference = {child.reference: child for child in children}
    return [_recent(by_reference[name]) for name in references if name in by_reference]


def _recent(child: Child) -> Recent:
    return Recent(child.pk, f"{child.surname}, {child.forenames}", child.reference)
