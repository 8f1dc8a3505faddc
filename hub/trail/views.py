"""Searching the trail: who looked at this, what did this person look at. To ask is an event of its own."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.site.paging import Paging, nearest_page, paging
from hub.trail.forms import QUESTIONS, TrailForm
from hub.trail.queries import days_that_answer, entries, events_that_answer
from hub.trail.rules import (
    KEPT_FOR,
    MOST_DAYS,
    MOST_KEPT,
    Asked,
    Day,
    Sitting,
    read_asked,
    sittings,
)

PAGE_SIZE = 50
KEPT = "trail_searches"


@dataclass(frozen=True)
class TrailPage:
    """A page of the events that answer, in sittings, the latest first.

    `days` counts all that answer by day, the latest days alone where there are `earlier` ones.
    """

    words: str
    days: list[Day]
    earlier: bool
    sittings: list[Sitting]
    paging: Paging


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Take what is looked for and lead to its results, so that Back and Refresh work."""
    require(signed_in(request), Permission.TRAIL_READ)
    question = request.GET.get("ask", "")
    form = TrailForm(request.POST) if request.method == "POST" else TrailForm.asking(question)
    if form.is_valid():
        return redirect("hub-trail-results", _keep(request, form.asked(), timezone.now()))
    shown = {"form": form, "heading": QUESTIONS.get(question, "Search the trail")}
    return render(request, "trail/search.html", shown, status=422 if form.errors else 200)


@require_safe
def results(request: HttpRequest, number: str) -> HttpResponse:
    """Show the events that answer to one of the session's own searches of the last hour."""
    user, now = signed_in(request), timezone.now()
    require(user, Permission.TRAIL_READ)
    asked = _kept(request, number, now)
    if asked is None:
        raise Http404
    page = trail_page(user, asked, request.GET.get("page", "1"))
    record(
        event="trail.searched",
        verb=Verb.CONSULTATION,
        what="trail",
        reference=number,
        at=now,
        by=user,
        after={**asked.as_json(), "found": page.paging.sentence},
    )
    return render(request, "trail/results.html", {"trail": page})


def trail_page(user: User, asked: Asked, number: str) -> TrailPage:
    """Build the page; a number that is none gives the nearest page there is."""
    page = nearest_page(events_that_answer(user, asked), PAGE_SIZE, number)
    things = "event" if page.paginator.count == 1 else "events"
    days = days_that_answer(user, asked)
    return TrailPage(
        words=asked.words,
        days=days[:MOST_DAYS],
        earlier=len(days) > MOST_DAYS,
        sittings=sittings(entries(list(page))),
        paging=paging(page, things),
    )


def _keep(request: HttpRequest, asked: Asked, now: datetime) -> str:
    """Keep a search in the session, beside the last few, and give its number."""
    number = secrets.token_urlsafe(6)
    kept = dict(request.session.get(KEPT, {}))
    kept[number] = {"asked": asked.as_json(), "at": now.isoformat()}
    request.session[KEPT] = dict(list(kept.items())[-MOST_KEPT:])
    return number


def _kept(request: HttpRequest, number: str, now: datetime) -> Asked | None:
    kept = request.session.get(KEPT, {}).get(number)
    if kept is None or now - datetime.fromisoformat(kept["at"]) > KEPT_FOR:
        return None
    return read_asked(kept["asked"])
