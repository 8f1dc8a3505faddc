"""Disagreements: the list, one with its steps, taking it up, settling it."""

from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.gate import require, standing_of
from hub.access.rules import Permission, Standing
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import counted, london_date
from hub.errors import NotAllowed
from hub.recording.http import Sheet, Stored, record_by_form
from hub.site.paging import Paging, nearest_page, paging
from partners.partnerships.queries import practice_of
from referrals.disagreements.actions import (
    NEEDS,
    NO_PARTY,
    OUTSIDE,
    settle_disagreement,
    take_up,
)
from referrals.disagreements.forms import SettleForm, TakeUpForm
from referrals.disagreements.models import Disagreement
from referrals.disagreements.queries import (
    Line,
    Step,
    line_of,
    name_of,
    sees_whole,
    steps_of,
    versions_of,
    with_parties,
)
from referrals.disagreements.rules import LEVELS, LOWEST, OPEN, outcomes_for

PAGE_SIZE = 25
METHODS = ["GET", "HEAD", "POST"]
READ_BY = (
    "{agency} raised it from outside the hub: its workers read every word that is written here."
)
ONLY_WHILE = "You see it as long as the child's episode is shared with you."
WHY_EMPTY = {
    True: (
        "Where two agencies disagree on a child, one of them raises it on the page of the episode."
        " It stays here for ever."
    ),
    False: (
        "Where you disagree with the hub about a child who was referred to you, raise it on the"
        " child's page. Here you see what becomes of it."
    ),
}


@dataclass(frozen=True)
class ListPage:
    """A page of the open ones, or of those that are settled."""

    rows: list[Line]
    paging: Paging
    settled: bool
    why_empty: str


@dataclass(frozen=True)
class OnePage:
    """One disagreement with its steps; the addresses are empty where the person does not act."""

    line: Line
    issue: str
    steps: list[Step]
    take_up: str
    settle: str
    read_by: str


@require_safe
def disagreements(request: HttpRequest) -> HttpResponse:
    """List the open ones, what is due first at the top; or those that were settled, the latest first."""
    user, now = signed_in(request), timezone.now()
    require_reader(user)
    whole = sees_whole(user)
    settled = request.GET.get("state") == "settled"
    known = with_parties(Disagreement.objects.visible_to(user).known(), whole=whole)
    rows = (
        known.exclude(state=OPEN).order_by("-known_from", "-pk")
        if settled
        else known.filter(state=OPEN).order_by("due_on", "pk")
    )
    page = nearest_page(rows, PAGE_SIZE, request.GET.get("page", "1"))
    lines = [line_of(fact, london_date(now), whole=whole) for fact in page]
    things = "disagreement" if page.paginator.count == 1 else "disagreements"
    kept = "state=settled" if settled else ""
    record(
        event="disagreements.listed",
        verb=Verb.CONSULTATION,
        what="disagreements",
        reference="settled" if settled else "open",
        at=now,
        by=user,
        about=[line.reference for line in lines],
    )
    shown = ListPage(lines, paging(page, things, kept), settled, WHY_EMPTY[whole])
    return render(request, "disagreements/list.html", {"page": shown})


@require_safe
def disagreement(request: HttpRequest, number: int) -> HttpResponse:
    """Show one with all its steps."""
    user, now = signed_in(request), timezone.now()
    standing, whole = require_reader(user), sees_whole(user)
    versions = _versions(user, number)
    last = versions[-1]
    record(
        event="disagreement.viewed",
        verb=Verb.CONSULTATION,
        what="child",
        reference=last.child.reference,
        at=now,
        by=user,
        partnership_id=last.partnership_id,
        after={"page": f"disagreement {last.number}"},
    )
    acts = last.state == OPEN and _acts(standing, last)
    above = last.level + 1 in LEVELS
    page = OnePage(
        line=line_of(last, london_date(now), whole=whole),
        issue=last.issue,
        steps=steps_of(versions),
        take_up=_at("take-up", last) if acts and above else "",
        settle=_at("settle", last) if acts else "",
        read_by=_read_by(last) if whole else ONLY_WHILE,
    )
    return render(request, "disagreements/one.html", {"page": page})


def require_reader(user: User) -> Standing:
    """Let those in who see whole cases, and those who raise disagreements with the hub from outside."""
    standing = standing_of(user)
    if standing is not None and standing.may(OUTSIDE):
        return standing
    return require(user, Permission.CASES_VIEW)


def _read_by(fact: Disagreement) -> str:
    return READ_BY.format(agency=fact.raised_by.name) if fact.outside else ""


def _at(deed: str, fact: Disagreement) -> str:
    return reverse(f"referrals-disagreement-{deed}", args=[fact.pk])


def _acts(standing: Standing, fact: Disagreement) -> bool:
    party = standing.agency_id in (fact.raised_by_id, fact.against_id)
    if standing.may(OUTSIDE):
        return fact.outside and standing.agency_id == fact.raised_by_id
    return standing.may(Permission.VIEWS_GIVE) and (party or standing.may(Permission.TEAM_LEAD))


def _versions(user: User, number: int) -> list[Disagreement]:
    """Find a disagreement by the number of any of its versions."""
    named = Disagreement.objects.visible_to(user).filter(pk=number).first()
    if named is None:
        raise Http404
    return versions_of(user, named)


def _opened(request: HttpRequest, number: int) -> tuple[User, Disagreement]:
    user = signed_in(request)
    fact = _versions(user, number)[-1]
    held = standing_of(user)
    outside = held is not None and held.may(OUTSIDE)
    standing = require(user, OUTSIDE if outside else NEEDS, fact)
    if not _acts(standing, fact):
        raise NotAllowed(NO_PARTY)
    return user, fact


@require_http_methods(METHODS)
def up(request: HttpRequest, number: int) -> HttpResponse:
    """Take it to the next level."""
    user, fact = _opened(request, number)
    above = min(fact.level + 1, max(LEVELS))
    who, days = practice_of(user).ladder[above - LOWEST]

    def act(form: TakeUpForm) -> str:
        new = take_up(fact=fact, words=form.cleaned_data["words"], by=user)
        return reverse("referrals-disagreement", args=[new.pk])

    lead = f"Next: {who.lower()}, who answer within {counted(days, 'working day')}."
    sheet = _sheet(user, fact, "Take it up", "Take it up", "It is taken up.", lead)
    return record_by_form(
        request, form=TakeUpForm, sheet=sheet, stored=lambda: _stored(user, fact), act=act
    )


@require_http_methods(METHODS)
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """Say how it ended."""
    user, fact = _opened(request, number)

    def act(form: SettleForm) -> str:
        said = form.cleaned_data
        new = settle_disagreement(fact=fact, outcome=said["outcome"], words=said["words"], by=user)
        return reverse("referrals-disagreement", args=[new.pk])

    sheet = _sheet(user, fact, "Settle it", "Settle it", "It is settled.", fact.issue)
    ends = outcomes_for(outside=not sees_whole(user))
    return record_by_form(
        request,
        form=partial(SettleForm, outcomes=ends),
        sheet=sheet,
        stored=lambda: _stored(user, fact),
        act=act,
    )


def _stored(user: User, fact: Disagreement) -> Stored:
    """Give what stands, by its version: nothing of it is filled in."""
    last = versions_of(user, fact)[-1]
    by = last.recorded_by.name if last.recorded_by else ""
    return Stored({}, f"{last.pk}", by, last.known_from)


def _sheet(
    user: User, fact: Disagreement, heading: str, button: str, done: str, lead: str
) -> Sheet:
    whole = sees_whole(user)
    about = fact.episode.reference if whole else fact.child.reference
    said = f"{lead} {_read_by(fact)}" if whole else lead
    return Sheet(
        title=f"{fact.child.reference} {name_of(fact, whole=whole)}",
        heading=f"{about}: {heading}",
        button=button,
        back=reverse("referrals-disagreement", args=[fact.pk]),
        done=done,
        lead=said.strip(),
    )
