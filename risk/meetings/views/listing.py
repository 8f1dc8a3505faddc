"""The meetings: today's, to be opened or gone on with, and those that were held."""

from dataclasses import dataclass
from datetime import date, time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.days.rules import london_date
from hub.site.paging import Paging, nearest_page, paging
from risk.meetings.models import Meeting, MeetingSeries, MeetingTask
from risk.meetings.rules.calendar import is_on, next_on
from risk.proposals.models import Proposal

PAGE = 25


@dataclass(frozen=True)
class Series:
    """A meeting as it is set up: whether it is held today, and where it is if it was opened."""

    number: int
    name: str
    at: time
    today: bool
    next_on: date | None
    terms: str
    address: str
    state: str


@dataclass(frozen=True)
class Held:
    """A meeting that was held."""

    name: str
    held_on: date
    state: str
    address: str


@dataclass(frozen=True)
class MeetingsPage:
    """The page; `waiting` counts what waits for the panel, `owed` the actions of the reader's agency."""

    series: list[Series]
    held: list[Held]
    paging: Paging
    may_open: bool
    may_plan: bool
    waiting: int
    owed: int


@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """List them: no page of it names a child."""
    user = signed_in(request)
    standing = require(user, Permission.CASES_VIEW)
    today = london_date(timezone.now())
    held = Meeting.objects.visible_to(user).select_related("series").order_by("-held_on", "-pk")
    page = nearest_page(held, PAGE, request.GET.get("page", ""))
    owed = MeetingTask.objects.visible_to(user).open()
    context = MeetingsPage(
        series=_all_series(user, today),
        held=[_held(meeting) for meeting in page.object_list],
        paging=paging(page, "meetings held"),
        may_open=standing.may(Permission.MEETINGS_HOLD),
        may_plan=standing.may(Permission.PARTNERSHIP_SETTINGS),
        waiting=Proposal.objects.visible_to(user).open().count(),
        owed=owed.filter(agency=standing.agency_id).count(),
    )
    return render(request, "meetings/list.html", {"page": context})


def _all_series(user: User, today: date) -> list[Series]:
    running = list(MeetingSeries.objects.visible_to(user).running_on(today))
    opened = Meeting.objects.visible_to(user).filter(series__in=running, held_on=today)
    of_today = {meeting.series_id: meeting for meeting in opened}
    return [_series(series, of_today.get(series.pk), today) for series in running]


def _series(series: MeetingSeries, meeting: Meeting | None, today: date) -> Series:
    return Series(
        number=series.pk,
        name=series.name,
        at=series.starts_at,
        today=is_on(series.rhythm, today),
        next_on=next_on(series.rhythm, today),
        terms=series.terms,
        address=reverse("risk-meeting", args=[meeting.pk]) if meeting else "",
        state=_state(meeting) if meeting else "",
    )


def _held(meeting: Meeting) -> Held:
    return Held(
        name=meeting.series.name,
        held_on=meeting.held_on,
        state=_state(meeting),
        address=reverse("risk-meeting", args=[meeting.pk]),
    )


def _state(meeting: Meeting) -> str:
    return "Finished" if meeting.finished_at else "Open"
