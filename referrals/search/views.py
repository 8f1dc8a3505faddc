"""Searching for a child: what was typed is sent, kept in the session and never part of an address."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Window
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.gate import require, standing_of
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.site.paging import Paging, nearest_page, paging
from referrals.children.models import Child, ChildQuerySet
from referrals.joinings.queries import all_kept
from referrals.search.forms import SearchForm
from referrals.search.queries import Found, children_who_answer, found
from referrals.search.rules import KEPT_FOR, MOST_KEPT, MOST_SHOWN, problem_with, understand

PAGE_SIZE = 25
KEPT = "searches"


@dataclass(frozen=True)
class ResultsPage:
    """A page of the children that answer; its count is of what the person may see.

    `too_many`: more answer than anybody reads, so none is shown; it says how many would be.
    """

    text: str
    rows: list[Found]
    paging: Paging
    too_many: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Take what is looked for and lead to its results, so that Back and Refresh work."""
    user = signed_in(request)
    _require_cases(user)
    form = SearchForm(request.POST if request.method == "POST" else None)
    now = timezone.now()
    if form.is_valid():
        text = form.cleaned_data["text"]
        problem = problem_with(text, understand(text, london_date(now)))
        if not problem:
            return redirect("referrals-search-results", _keep(request, text, now))
        form.add_error("text", problem)
    page = {"form": form, "may_register": _may_register(user)}
    return render(request, "search/search.html", page, status=422 if form.errors else 200)


@require_safe
def results(request: HttpRequest, number: str) -> HttpResponse:
    """Show who answers to one of the session's own searches of the last hour.

    The trail takes down what was searched for and who was shown: to say later who looked for whom is
    what it is for (house rules on the trail; Data Protection Act 2018, section 62).
    """
    user = signed_in(request)
    _require_cases(user)
    now = timezone.now()
    text = _kept(request, number, now)
    if text is None:
        raise Http404
    page = results_page(user, text, request.GET.get("page", "1"), london_date(now))
    record(
        event="search.viewed",
        verb=Verb.CONSULTATION,
        what="search",
        reference=number,
        at=now,
        by=user,
        after={"text": text, "children": [row.reference for row in page.rows]},
    )
    form = SearchForm(initial={"text": text})
    shown = {"results": page, "form": form, "may_register": _may_register(user)}
    return render(request, "search/results.html", shown)


def _may_register(user: User) -> bool:
    standing = standing_of(user)
    return standing is not None and standing.may(Permission.CASES_RECORD)


def _require_cases(user: User) -> None:
    standing = standing_of(user)
    if standing is None or not standing.may(Permission.SHARED_CASES_VIEW):
        require(user, Permission.CASES_VIEW)


def _keep(request: HttpRequest, text: str, now: datetime) -> str:
    """Keep a search in the session, beside the last few, and give its number."""
    number = secrets.token_urlsafe(6)
    kept = dict(request.session.get(KEPT, {}))
    kept[number] = {"text": text, "at": now.isoformat()}
    request.session[KEPT] = dict(list(kept.items())[-MOST_KEPT:])
    return number


def _kept(request: HttpRequest, number: str, now: datetime) -> str | None:
    kept = request.session.get(KEPT, {}).get(number)
    if kept is None or now - datetime.fromisoformat(kept["at"]) > KEPT_FOR:
        return None
    return str(kept["text"])


def results_page(user: User, text: str, number: str, today: date) -> ResultsPage:
    """Build the page; a number that is none gives the nearest page there is."""
    asked = understand(text, today)
    kept = all_kept(user)
    children = children_who_answer(user, asked, kept)
    page, shown = _first(children) if number == "1" else _nearest(children, number)
    things = "child answers" if page.paginator.count == 1 else "children answer"
    if page.paginator.count > MOST_SHOWN:
        return ResultsPage(text, [], paging(page, things), too_many=f"{MOST_SHOWN:,}")
    return ResultsPage(text, found(user, shown, asked, kept, today), paging(page, things))


def _first(children: ChildQuerySet) -> tuple["Page[Any]", list[Child]]:
    """Read the first page and count all in one question: hardly anybody opens another."""
    shown: Any = list(children.annotate(answering=Window(Count("*")))[:PAGE_SIZE])
    total = shown[0].answering if shown else 0
    return nearest_page(range(total), PAGE_SIZE, "1"), shown


def _nearest(children: ChildQuerySet, number: str) -> tuple["Page[Any]", list[Child]]:
    page = nearest_page(children, PAGE_SIZE, number)
    return page, list(page)
