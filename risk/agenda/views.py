"""The list of a day's meeting: each child once, why it is there, what is outstanding and who leads."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.gate import require, standing_of
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import age_on, london_date
from hub.errors import NotAllowed, RuleBroken
from hub.recording.http import Sheet, Stored, record_by_form
from hub.site.paging import Paging, nearest_page, paging
from partners.partnerships.models import Partnership
from referrals.caseload.rules import GRAVITY
from referrals.checks.queries import stands_of
from referrals.checks.rules import Stand
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.joinings.queries import all_kept, records_of
from referrals.measures.queries import left_to_do
from risk.agenda.actions import put_forward, take_back
from risk.agenda.forms import PutForwardForm, TakeBackForm
from risk.agenda.models import PutForward
from risk.agenda.queries import forward_of, items_of, waiting_of
from risk.agenda.rules import (
    GROUPS,
    Place,
    Window,
    arranged,
    asked_day,
    day_after,
    day_of,
    nth,
    window_of,
    with_kept,
)
from risk.places.queries import Place as PlaceLine
from risk.places.queries import places_of
from risk.suspects.models import Suspect

PAGE_SIZE = 50
# Referrals that wait have a paged list of their own: here stand the oldest.
WAITING_SHOWN = 20
NO_SUSPECT = "No suspect of this hub has this reference. Check it with the police's own records"
NOT_SHOWN = "Your role opens no case. Ask your agency's administrator."


@dataclass(frozen=True)
class Row:
    """A child on the list. `level` is None where no episode is seen open; `which` tells of a later one."""

    number: int
    child: str
    age: int
    reference: str
    address: str
    level: str | None
    which: str
    reasons: tuple[str, ...]
    outstanding: tuple[str, ...]
    lead: str


@dataclass(frozen=True)
class Waiting:
    """A referral that is put to no child yet, perhaps about a person or a place."""

    reference: str
    address: str
    about: str
    received_at: datetime
    route: str
    decide_by: date


@dataclass(frozen=True)
class Forward:
    """A suspect put forward; `back` leads to the form that takes it back, empty for who may not."""

    reference: str
    because: str
    by: str
    for_day: date
    back: str


@dataclass(frozen=True)
class Group:
    """A part of the list in the fixed order; `counted` is None for one who is told no totals."""

    title: str
    counted: int | None
    rows: list[Row]


@dataclass(frozen=True)
class Day:
    """A day that has a list."""

    day: date
    today: bool
    here: bool


@dataclass(frozen=True)
class AgendaPage:
    """The list of a day. `counted` says how many, or nothing; `waits` how many referrals wait, shown or not.

    `forward` is None for all but the police, `places` for one who sees some cases alone.
    """

    window: Window
    problem: str
    typed: str
    days: list[Day]
    groups: list[Group]
    counted: str
    paging: Paging
    waiting: list[Waiting]
    waits: int
    forward: list[Forward] | None
    puts_forward: bool
    places: list[PlaceLine] | None
    puts_places: bool


@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Show the list of today's meeting or of the next; 422 for a day that has none."""
    user, now = signed_in(request), timezone.now()
    typed = request.GET.get("day", "")
    page = agenda_page(user, typed, now, request.GET.get("page", "1"))
    seen = [row.reference for group in page.groups for row in group.rows]
    seen += [one.reference for one in page.forward or []]
    seen += [one.reference for one in page.places or []]
    seen += [one.reference for one in page.waiting]
    record(
        event="agenda.viewed",
        verb=Verb.CONSULTATION,
        what="agenda",
        reference=page.window.day.isoformat(),
        at=now,
        by=user,
        about=seen,
    )
    status = 422 if page.problem else 200
    return render(request, "agenda/list.html", {"agenda": page}, status=status)


def agenda_page(user: User, typed: str, now: datetime, number: str) -> AgendaPage:
    """Build the page, with the same number of queries for many as for few."""
    partnership = partnership_of(user)
    day, problem = asked_day(typed, now)
    window = window_of(day, partnership.meets_at)
    kept = all_kept(user)
    places = arranged(with_kept(items_of(user, window), kept), window)
    page = nearest_page(places, PAGE_SIZE, number)
    told = _told_totals(user)
    things = "child" if len(places) == 1 else "children"
    waiting, waits = _waiting(user, window)
    return AgendaPage(
        window=window,
        problem=problem,
        typed=typed,
        days=_days(day, now),
        groups=_groups(user, list(page), page.start_index(), places if told else [], now, kept),
        counted=f"{len(places)} {things} on the list." if told and places else "",
        paging=paging(page, things, f"day={day.isoformat()}"),
        waiting=waiting,
        waits=waits,
        forward=_forward(user, window),
        puts_forward=_may(user, Permission.SUSPECTS_PUT_FORWARD),
        places=places_of(user, day) if told else None,
        puts_places=_may(user, Permission.PLACES_PUT_FORWARD),
    )


def partnership_of(user: User) -> Partnership:
    """Give the partnership of one who sees cases, or some of them; nobody else has a list."""
    if not _may(user, Permission.CASES_VIEW) and not _may(user, Permission.SHARED_CASES_VIEW):
        raise NotAllowed(NOT_SHOWN)
    return Partnership.objects.visible_to(user).order_by("pk")[:1].get()


def _may(user: User, permission: Permission) -> bool:
    standing = standing_of(user)
    return standing is not None and standing.may(permission)


def _told_totals(user: User) -> bool:
    """A charity's rows are numbered from 1, and it is told of no number besides."""
    return _may(user, Permission.CASES_VIEW)


def _days(day: date, now: datetime) -> list[Day]:
    today = day_of(now)
    return [Day(each, each == today, each == day) for each in (today, day_after(today))]


def _groups(
    user: User,
    places: list[Place],
    first: int,
    every: list[Place],
    now: datetime,
    kept: dict[int, int],
) -> list[Group]:
    rows = _rows(user, places, first, now, kept)
    counted = Counter(place.group for place in every)
    return [
        Group(GROUPS[group], counted[group] if every else None, [rows[one.child] for one in here])
        for group, here in groupby(places, key=lambda place: place.group)
    ]


@dataclass(frozen=True)
class _Known:
    """What is read of all the children on a page at once."""

    children: dict[int, Child]
    episodes: dict[int, list[Episode]]
    before: Counter[int]
    checks: dict[int, Stand]
    left: dict[int, list[str]]


def _rows(
    user: User, places: list[Place], first: int, now: datetime, kept: dict[int, int]
) -> dict[int, Row]:
    known = _known(user, [place.child for place in places], now, kept)
    return {
        place.child: _row(place, number, known, london_date(now))
        for number, place in enumerate(places, first)
        if place.child in known.children
    }


def _known(user: User, numbers: list[int], now: datetime, kept: dict[int, int]) -> _Known:
    seen = Episode.objects.visible_to(user).filter(child__in=records_of(kept, numbers))
    every = seen.select_related("child")
    open_ones: dict[int, list[Episode]] = defaultdict(list)
    before: Counter[int] = Counter()
    for episode in every.order_by("referred_on", "pk"):
        child = kept.get(episode.child_id, episode.child_id)
        before[child] += 1
        if episode.closed_on is None:
            open_ones[child].append(episode)
    asked = [episode for episodes in open_ones.values() for episode in episodes]
    return _Known(
        children=Child.objects.visible_to(user).in_bulk(numbers),
        episodes=open_ones,
        before=before,
        checks=stands_of(user, [episode.pk for episode in asked], now),
        left=left_to_do(user, asked),
    )


def _row(place: Place, number: int, known: _Known, today: date) -> Row:
    child, episodes = known.children[place.child], known.episodes.get(place.child, [])
    stands = (known.checks.get(episode.pk) for episode in episodes)
    checks = [stand for stand in stands if stand is not None]
    left = (words for episode in episodes for words in known.left.get(episode.pk, []))
    return Row(
        number=number,
        child=f"{child.surname}, {child.forenames}",
        age=age_on(child.date_of_birth, today),
        reference=child.reference,
        address=reverse("risk-child-summary", args=[child.pk]),
        level=_level_of(episodes),
        which=nth(known.before[place.child]),
        reasons=place.reasons,
        outstanding=(*map(_in_words, checks), *dict.fromkeys(left)),
        lead=next((episode.lead_worker for episode in episodes if episode.lead_worker), ""),
    )


def _level_of(episodes: Iterable[Episode]) -> str | None:
    """Give the level set last on an open episode, of one day the gravest; None where none is open."""
    gravity = list(GRAVITY)
    grave = (
        (episode.level_set_on or date.min, -gravity.index(episode.level), episode.level)
        for episode in episodes
        if episode.level in gravity
    )
    return max(grave, default=(date.min, 0, "" if list(episodes) else None))[2]


def _in_words(stand: Stand) -> str:
    missing = f": {stand.missing} outstanding" if stand.missing else ""
    return f"Checks {stand.back}{missing}"


def _waiting(user: User, window: Window) -> tuple[list[Waiting], int]:
    """Whoever sees the cases sees what waits; a charity's own referral is on no list of the hub's."""
    if not _told_totals(user):
        return [], 0
    oldest, every = waiting_of(user, window, WAITING_SHOWN)
    waiting = [
        Waiting(
            reference=one.reference,
            address=reverse("referrals-referral", args=[one.pk]),
            about=one.get_about_display(),
            received_at=one.received_at,
            route=one.get_route_display(),
            decide_by=one.decide_by,
        )
        for one in oldest
    ]
    return waiting, every


def _forward(user: User, window: Window) -> list[Forward] | None:
    if not _may(user, Permission.POLICE_RECORDS_VIEW):
        return None
    takes_back = _may(user, Permission.SUSPECTS_PUT_FORWARD)
    return [
        Forward(
            reference=one.suspect.reference,
            because=one.because,
            by=one.recorded_by.name if one.recorded_by else "",
            for_day=one.for_day,
            back=reverse("risk-agenda-take-back", args=[one.pk]) if takes_back else "",
        )
        for one in forward_of(user, window)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def forward_new(request: HttpRequest) -> HttpResponse:
    """Put a suspect forward for a day's meeting, by the police's reference."""
    user, now = signed_in(request), timezone.now()
    require(user, Permission.SUSPECTS_PUT_FORWARD)

    def act(form: PutForwardForm) -> str:
        typed = form.cleaned_data
        named = Suspect.objects.visible_to(user).filter(reference__iexact=typed["suspect"].strip())
        suspect = named.first()
        if suspect is None:
            raise RuleBroken("agenda.suspect", NO_SUSPECT, "suspect")
        put_forward(suspect=suspect, for_day=typed["for_day"], because=typed["because"], by=user)
        return reverse("risk-agenda")

    return record_by_form(
        request,
        form=PutForwardForm,
        sheet=_sheet("Put a suspect forward", "Put forward", "The suspect is on the list."),
        stored=lambda: Stored({"for_day": day_of(now)}),
        act=act,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def forward_back(request: HttpRequest, number: int) -> HttpResponse:
    """Take a suspect off the list again."""
    user = signed_in(request)
    require(user, Permission.SUSPECTS_PUT_FORWARD)
    standing = PutForward.objects.visible_to(user).known().select_related("suspect")
    forward = standing.filter(pk=number).first()
    if forward is None:
        raise Http404

    def act(form: TakeBackForm) -> str:
        take_back(forward=forward, reason=form.cleaned_data["reason"], by=user)
        return reverse("risk-agenda")

    heading = f"Take {forward.suspect.reference} off the list"
    return record_by_form(
        request,
        form=TakeBackForm,
        sheet=_sheet(heading, "Take off the list", "The suspect is off the list."),
        stored=Stored,
        act=act,
    )


def _sheet(heading: str, button: str, done: str) -> Sheet:
    back = reverse("risk-agenda")
    return Sheet(title=heading, heading=heading, button=button, back=back, done=done)
