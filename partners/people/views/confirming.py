"""Once a year somebody says of each post whether it is needed: one by one, by keyboard, with a way back."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.days.rules import london_date
from hub.site.paging import Paging, nearest_page, paging
from partners.agencies.models import Post
from partners.people.actions import confirm_post, unconfirm_post
from partners.people.queries import due_posts, looked_after
from partners.people.views.lists import PAGE_SIZE, Line, line_of, note

# What the session keeps of the post that was kept last: its number, and when it was confirmed before.
KEPT = "post_kept"
MEANWHILE = "Somebody else has decided about this post meanwhile."


@dataclass(frozen=True)
class ConfirmPage:
    """The posts to confirm. `kept` says which one was kept just now, and can be undone.

    `at` is the post on whose row to go on: its button has the focus.
    """

    lines: list[Line]
    paging: Paging
    today: date
    kept: Line | None
    at: int
    number: int


@require_safe
def to_confirm(request: HttpRequest) -> HttpResponse:
    """List the posts of which somebody is to say whether they are needed, the longest due first."""
    user, now = signed_in(request), timezone.now()
    standing = require(user, Permission.PEOPLE_MANAGE)
    today = london_date(now)
    due = due_posts(user, standing, today)
    page = nearest_page(due, PAGE_SIZE, request.GET.get("page", "1"))
    note(user, "posts.to_confirm_listed", "all", now)
    shown = ConfirmPage(
        lines=[line_of(post, today) for post in page],
        paging=paging(page, "to confirm"),
        today=today,
        kept=_kept(request, user, today),
        at=_number(request.GET.get("at", "")),
        number=page.number,
    )
    return render(request, "people/to_confirm.html", {"page": shown})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def _kept(request: HttpRequest, user: User, today: date) -> Line | None:
    """Give the post that was kept just now, where the address says so and nobody undid it."""
    number = request.session.get(KEPT, {}).get("post", 0)
    if not number or _number(request.GET.get("kept", "")) != number:
        return None
    posts = looked_after(user, require(user, Permission.PEOPLE_MANAGE))
    post = posts.filter(pk=number, confirmed_on=today).first()
    return line_of(post, today) if post else None


@require_POST
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Keep one post, and go on with the next."""
    user, now = signed_in(request), timezone.now()
    post = _looked_after(user, number)
    due = due_posts(user, require(user, Permission.PEOPLE_MANAGE), london_date(now))
    places = [each.pk for each in due]
    if post.pk not in places:
        messages.info(request, MEANWHILE)
        return redirect("partners-people-confirm")
    before = post.confirmed_on.isoformat() if post.confirmed_on else ""
    confirm_post(post=post, now=now, by=user)
    request.session[KEPT] = {"post": post.pk, "before": before}
    place = places.index(post.pk)
    left = places[:place] + places[place + 1 :]
    place = min(place, len(left) - 1)
    return _on(place, {"kept": post.pk, **({"at": left[place]} if left else {})})


@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take back that a post is kept: it stands on the list as before, and the focus is on it."""
    user, now = signed_in(request), timezone.now()
    post = _looked_after(user, number)
    kept = request.session.get(KEPT, {})
    if kept.get("post") != post.pk:
        raise Http404
    before = date.fromisoformat(kept["before"]) if kept["before"] else None
    unconfirm_post(post=post, before=before, now=now, by=user)
    del request.session[KEPT]
    due = due_posts(user, require(user, Permission.PEOPLE_MANAGE), london_date(now))
    places = [each.pk for each in due]
    return _on(places.index(post.pk) if post.pk in places else 0, {"at": post.pk})


def _on(place: int, told: dict[str, int]) -> HttpResponse:
    """Lead to the page of the list on which a place is."""
    query = urlencode({"page": max(place, 0) // PAGE_SIZE + 1, **told})
    return redirect(f"{reverse('partners-people-confirm')}?{query}")


def _looked_after(user: User, number: int) -> Post:
    standing = require(user, Permission.PEOPLE_MANAGE)
    post = looked_after(user, standing).filter(pk=number).first()
    if post is None:
        raise Http404
    return post
