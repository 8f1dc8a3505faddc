"""The list of a past day: who was on it, why, and what came of it, for whoever may open the day's list."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import working_day_before
from hub.site.paging import Paging, nearest_page, paging
from referrals.intake.models import Referral
from referrals.joinings.queries import all_kept
from risk.agenda.models import PutForward
from risk.agenda.queries.then import items_then, places_then, suspects_then, waiting_then
from risk.agenda.rules import (
    GROUPS,
    Place,
    Window,
    arranged,
    day_after,
    day_of,
    past_day,
    window_of,
    with_kept,
)
from risk.agenda.views import partnership_of
from risk.meetings.queries.day import meetings_of, on_agendas
from risk.meetings.queries.entries import GROUPS as CODES
from risk.meetings.views.agenda import GROUPS as AT_MEETINGS
from risk.meetings.views.agenda import level_word
from risk.meetings.views.day_rows import Row, Then, rows_then
from risk.places.models import PlaceForward
from risk.places.rules import called

PAGE_SIZE = 50
ADDED = max(GROUPS) + 1
BY_CODE = {code: group for group, code in CODES.items()}
TITLES = {**GROUPS, ADDED: AT_MEETINGS["by_hand"]}
# So far back one walks over days on which nothing was; beyond them a day is typed.
WALKED = timedelta(weeks=4)
STILL, TAKEN_OFF, DISCUSSED = "Still on the list", "Taken off the list", "The meeting said"


@dataclass(frozen=True)
class Group:
    """A part of the list in the fixed order; `counted` is None for one who is told no totals."""

    title: str
    counted: int | None
    rows: list[Row]


@dataclass(frozen=True)
class Line:
    """Something else on the list: a referral without a child, a suspect or a place, and what came of it."""

    reference: str
    address: str
    words: str
    came: str


@dataclass(frozen=True)
class DayPage:
    """The list of a past day. `held`: the meetings of it, name and address of the minutes.

    `suspects` is None for all but the police, `places` and `waiting` for one who sees some cases alone.
    """

    window: Window
    before: date | None
    after: date | None
    groups: list[Group]
    counted: str
    paging: Paging
    held: list[tuple[str, str]]
    waiting: list[Line] | None
    suspects: list[Line] | None
    places: list[Line] | None


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Lead from a day as it is typed to its list."""
    now, typed = timezone.now(), request.GET.get("day", "")
    partnership_of(signed_in(request))
    day, problem = past_day(typed, now)
    if day is None:
        shown = {"problem": problem, "typed": typed}
        return render(request, "meetings/no_day.html", shown, status=422)
    return redirect(_address(day, now))


def _address(day: date, now: datetime) -> str:
    if day >= day_of(now):
        return f"{reverse('risk-agenda')}?day={day.isoformat()}"
    return reverse("risk-meeting-day", args=[day.isoformat()])


@require_safe
def day_list(request: HttpRequest, day: str) -> HttpResponse:
    """Show the list of a past day; today's is not past yet, and is shown where it always is."""
    user, now = signed_in(request), timezone.now()
    partnership = partnership_of(user)
    then_day, problem = past_day(day, now)
    if then_day is None:
        shown = {"problem": problem, "typed": day}
        return render(request, "meetings/no_day.html", shown, status=422)
    if then_day >= day_of(now):
        return redirect(_address(then_day, now))
    window = window_of(then_day, partnership.meets_at)
    seen = _seen_window(user, window)
    then = Then(user, seen, all_kept(user, seen.until), window.until)
    page = day_page(then, now, request.GET.get("page", "1"))
    lines = [*(page.waiting or []), *(page.suspects or []), *(page.places or [])]
    record(
        event="agenda.viewed",
        verb=Verb.CONSULTATION,
        what="agenda",
        reference=then_day.isoformat(),
        at=now,
        by=user,
        after={"past": True},
        about=[
            *(row.reference for group in page.groups for row in group.rows),
            *(line.reference for line in lines),
        ],
    )
    return render(request, "meetings/day.html", {"list": page})


def _seen_window(user: User, window: Window) -> Window:
    """Let the list end where a meeting of the day was opened with it, if that was before its hour."""
    opened = [one.opened_at for one in meetings_of(user, window.day, daily=True)]
    return replace(window, until=min([window.until, *opened]))


def day_page(then: Then, now: datetime, number: str) -> DayPage:
    """Build the page, with the same number of queries for many as for few."""
    listed = arranged(
        with_kept(items_then(then.user, then.window, then.at), then.kept), then.window
    )
    places = sorted([*listed, *_added(then, listed)], key=lambda place: place.group)
    page = nearest_page(places, PAGE_SIZE, number)
    whole = then.may(Permission.CASES_VIEW)
    day, following = then.window.day, day_after(then.window.day)
    held = [
        (one.series.name, reverse("risk-meeting-minutes", args=[one.pk]))
        for one in meetings_of(then.user, day)
    ]
    near = bool(places or held) or day > day_of(now) - WALKED
    things, were = ("child", "was") if len(places) == 1 else ("children", "were")
    return DayPage(
        window=then.window,
        before=working_day_before(day) if near else None,
        after=following if following < day_of(now) else None,
        groups=_groups(then, list(page), page.start_index(), places if whole else []),
        counted=f"{len(places)} {things} {were} on the list." if whole and places else "",
        paging=paging(page, things),
        held=held,
        waiting=[_waited(one) for one in waiting_then(then.user, then.hour)] if whole else None,
        suspects=_suspects(then) if then.may(Permission.POLICE_RECORDS_VIEW) else None,
        places=[_place(one) for one in places_then(then.user, day, then.hour)] if whole else None,
    )


def _added(then: Then, listed: list[Place]) -> Iterator[Place]:
    """Give who was on a meeting's agenda and is not listed: added by hand, or listed a moment later."""
    there = {place.child for place in listed}
    for item in on_agendas(then.user, then.window.day):
        child = then.kept.get(item.child_id, item.child_id)
        if child not in there:
            there.add(child)
            yield Place(
                child, BY_CODE.get(item.group, ADDED), item.meeting.opened_at, tuple(item.why)
            )


def _groups(then: Then, places: list[Place], first: int, every: list[Place]) -> list[Group]:
    rows = rows_then(then, places, first)
    counted = Counter(place.group for place in every)
    shown = [place for place in places if place.child in rows]
    return [
        Group(TITLES[group], counted[group] if every else None, [rows[one.child] for one in here])
        for group, here in groupby(shown, key=lambda place: place.group)
    ]


def _waited(one: Referral) -> Line:
    return Line(
        reference=one.reference,
        address=reverse("referrals-referral", args=[one.pk]),
        words=f"{one.get_about_display()}, {one.get_route_display()}",
        came=one.state,
    )


def _suspects(then: Then) -> list[Line]:
    return [_suspect(one) for one in suspects_then(then.user, then.window.day, then.hour)]


def _suspect(one: PutForward) -> Line:
    level = getattr(one, "set_to", None)
    left = TAKEN_OFF if one.superseded_at else STILL
    return Line(
        reference=one.suspect.reference,
        address="",
        words=one.because,
        came=f"Level {level_word(level)} set since" if level else left,
    )


def _place(one: PlaceForward) -> Line:
    said, told = getattr(one, "said_since", None), one.referral
    left = TAKEN_OFF if one.superseded_at else STILL
    where = called(address=told.address, postcode=told.postcode, description=told.description)
    return Line(
        reference=told.reference,
        address=reverse("referrals-referral", args=[told.pk]),
        words=f"{where}. {one.because}",
        came=f"{DISCUSSED}: {said}" if said else left,
    )
