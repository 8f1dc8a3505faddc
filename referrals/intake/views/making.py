"""Making a referral as one who signs in, and what became of one's own."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.gate import require
from hub.access.rules import ROLES, Permission, Standing
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.recording.actions import add_to_draft, do_once, drop_draft
from hub.recording.models import Draft
from hub.recording.queries import own_drafts
from hub.recording.rules import Answers
from hub.site.paging import Paging, nearest_page, paging
from partners.partnerships.models import Partnership
from referrals.intake.actions import receive_referral
from referrals.intake.models import Referral
from referrals.intake.rules import DESK, FORM, PARTNER, source_of
from referrals.intake.views.asking import METHODS, Paper, Said, ask, check, tasks

TITLE = "A referral that is not sent"
ROOT = "/referrals/make/"
PAGE_SIZE = 20
# A draft's number is its own: a page that was left open never meets another draft.
NUMBERS_END = 2**40
View = Callable[..., HttpResponse]


def _paper(request: HttpRequest, number: int) -> Paper:
    user = signed_in(request)
    standing = require(user, Permission.REFERRALS_MAKE)
    root = reverse("referrals-make", args=[number])
    found = own_drafts(user, [root, request.path], timezone.now())
    held = dict(found[root].answers) if root in found else {}
    unsent = (
        dict(found[request.path].answers) if request.path != root and request.path in found else {}
    )
    desk = standing.may(Permission.REFERRALS_RECEIVE)

    def keep(typed: Answers) -> None:
        add_to_draft(address=root, title=TITLE, answers=typed, now=timezone.now(), by=user)
        if unsent:
            drop_draft(address=request.path, by=user)

    def send(once: UUID, said: Callable[[], Said]) -> str:
        def act() -> str:
            return _sent(user, standing, said())

        went_to, _new = do_once(once=once, act=act, now=timezone.now(), by=user)
        drop_draft(address=root, by=user)
        return went_to

    return Paper(
        writer=DESK if desk else PARTNER,
        answers={**held, **{name: text for name, text in unsent.items() if name != "seen"}},
        root=root,
        leave=reverse("referrals-mine"),
        keep=keep,
        send=send,
        given={} if desk else _known(user, standing),
        unsent=unsent,
    )


def _known(user: User, standing: Standing) -> dict[str, str]:
    """What the hub knows of one who signs in, and need not ask."""
    return {
        "referrer_name": user.name,
        "referrer_post": ROLES[standing.role].title,
        "agency": standing.agency,
        "source": source_of(standing.role),
    }


def _sent(user: User, standing: Standing, said: Said) -> str:
    partnership = Partnership.objects.visible_to(user).get(pk=standing.partnership_id or 0)
    referral = receive_referral(
        partnership=partnership,
        concern=said.concern,
        route=said.call.cleaned_data["route"] if said.call else FORM,
        received_at=said.call.received_at if said.call else None,
        by=user,
    )
    return f"{reverse('referrals-referral', args=[referral.pk])}?sent=1"


def _drafted(view: View) -> View:
    """Let a page have its paper; one that was sent already, in another window, leads to the list."""

    @require_http_methods(METHODS)
    @wraps(view)
    def drafted(request: HttpRequest, number: int, **more: str) -> HttpResponse:
        paper = _paper(request, number)
        if not 0 < number < NUMBERS_END:
            raise Http404
        return view(request, paper, **more)

    return drafted


@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """Begin a referral: the first page asks about safety."""
    require(signed_in(request), Permission.REFERRALS_MAKE)
    number = 1 + secrets.randbelow(NUMBERS_END - 1)
    return redirect(f"{reverse('referrals-make', args=[number])}safety/")


@_drafted
def task_list(request: HttpRequest, paper: Paper) -> HttpResponse:
    """Show the sections of a referral that is being written."""
    return tasks(request, paper)


@_drafted
def step(request: HttpRequest, paper: Paper, step: str) -> HttpResponse:
    """Ask one page."""
    if step == "call" and paper.writer != DESK:
        return redirect(paper.root)
    return ask(request, paper, step)


@_drafted
def send(request: HttpRequest, paper: Paper) -> HttpResponse:
    """Show what was typed, and send it."""
    return check(request, paper)


# --- one's own ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Begun:
    """A draft: since when it lies there."""

    address: str
    saved_on: date
    age: str


@dataclass(frozen=True)
class Sent:
    """A referral one sent, with where it stands."""

    number: int
    reference: str
    whom: str
    sent_on: date
    state: str


@dataclass(frozen=True)
class Mine:
    """One's drafts and what one sent."""

    drafts: list[Begun]
    sent: list[Sent]
    paging: Paging


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """List one's drafts, and the referrals that one sent with where each stands."""
    user = signed_in(request)
    require(user, Permission.REFERRALS_MAKE)
    page = mine_page(user, request.GET.get("page", "1"), london_date(timezone.now()))
    record(
        event="referrals.own_listed",
        verb=Verb.CONSULTATION,
        what="referrals",
        reference="own",
        at=timezone.now(),
        by=user,
        about=[row.reference for row in page.sent],
    )
    return render(request, "intake/mine.html", {"page": page})


def mine_page(user: User, number: str, today: date) -> Mine:
    """Build the page, with the same number of queries for many as for few."""
    drafts = Draft.objects.visible_to(user).lasting(timezone.now())
    begun = [draft for draft in drafts if draft.address.startswith(ROOT)]
    own = Referral.objects.visible_to(user).sent_by(user).order_by("-received_at", "-pk")
    page = nearest_page(own, PAGE_SIZE, number)
    things = "referral sent" if page.paginator.count == 1 else "referrals sent"
    return Mine(
        drafts=[_begun(draft, today) for draft in begun],
        sent=[_row(row) for row in page],
        paging=paging(page, things),
    )


def _begun(draft: Draft, today: date) -> Begun:
    saved = london_date(draft.saved_at)
    days = (today - saved).days
    age = {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
    return Begun(draft.address, saved, age)


def _row(row: Referral) -> Sent:
    return Sent(row.pk, row.reference, row.whom, london_date(row.received_at), row.state)
