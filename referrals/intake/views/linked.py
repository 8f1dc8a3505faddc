"""Making a referral without an account: asking for a link, opening it, the form, what was sent."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.actions import operator
from hub.accounts.http import signed_in
from hub.days.rules import counted
from hub.errors import Conflict
from hub.recording.http import Sheet, Stored, record_by_form
from hub.recording.rules import Answers
from partners.partnerships.models import Partnership
from partners.partnerships.queries import practice_of
from referrals.intake.actions import (
    ask_for_link,
    keep_holders_draft,
    open_link,
    receive_by_link,
    send_link,
)
from referrals.intake.forms import AskForm, LinkForm
from referrals.intake.models import ReferralLink
from referrals.intake.queries import earlier, held_link, hubs, link_of, sent_by_link
from referrals.intake.rules import ASKED_TOO_OFTEN, HOLDER, SECRET_LASTS
from referrals.intake.views.asking import METHODS, Paper, Said, ask, check, tasks

# The browser's secret; over TLS a cookie of such a name comes from this host alone (RFC 6265bis, 4.1.3).
COOKIE = "__Host-referral" if settings.BEHIND_TLS else "referral"
GONE = 410
View = Callable[..., HttpResponse]


@require_http_methods(METHODS)
def ask_page(request: HttpRequest) -> HttpResponse:
    """Let anybody ask for a link; the answer is the same whether one is sent or not."""
    form = AskForm(request.POST if request.method == "POST" else None, hubs=hubs())
    if not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "intake/ask.html", {"form": form}, status=status)
    email = form.cleaned_data["email"].strip().lower()
    limit = {"app": "allauth.account", "action": ASKED_TOO_OFTEN, "key": f"link:{email}"}
    if ratelimit.consume(request, **limit):
        ask_for_link(partnership=form.partnership, email=email, now=timezone.now(), by=operator())
    days = counted(form.partnership.link_days, "day")
    return render(request, "intake/asked.html", {"lasts": days})


@require_http_methods(METHODS)
def open_page(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to begin: a mail server that looks at every link must not use it up."""
    found = link_of(token=token)
    if found is None:
        return _gone(request)
    if request.method != "POST":
        return render(request, "intake/open.html", {"saved_at": earlier(found)})
    now = timezone.now()
    try:
        secret = open_link(token=token, take_up="take_up" in request.POST, now=now, by=operator())
    except Conflict:
        return _gone(request)
    answer = redirect("refer-form")
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=SECRET_LASTS,
        secure=settings.BEHIND_TLS,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/gone.html", status=GONE)


def _held(view: View) -> View:
    """Let a page have the link that this browser holds; without one it offers another."""

    @require_http_methods(METHODS)
    @wraps(view)
    def held(request: HttpRequest, **more: Any) -> HttpResponse:
        found = link_of(browser=request.COOKIES.get(COOKIE, ""))
        if found is None:
            return _gone(request)
        link = held_link(found)
        if link.used_at is not None and view.__name__ != "sent":
            return redirect("refer-sent")
        return view(request, link, **more)

    return held


def _paper(link: ReferralLink) -> Paper:
    def keep(typed: Answers) -> None:
        keep_holders_draft(link=link, answers=typed, now=timezone.now(), by=operator())

    def send(_once: UUID, said: Callable[[], Said]) -> str:
        receive_by_link(link=link, concern=said().concern, now=timezone.now(), by=operator())
        return reverse("refer-sent")

    root = reverse("refer-form")
    return Paper(
        writer=HOLDER,
        answers=dict(link.answers),
        root=root,
        leave=reverse("refer-later"),
        keep=keep,
        send=send,
        given={"referrer_email": link.email},
    )


@_held
def form(request: HttpRequest, link: ReferralLink) -> HttpResponse:
    """Show the sections."""
    return tasks(request, _paper(link))


@_held
def step(request: HttpRequest, link: ReferralLink, step: str) -> HttpResponse:
    """Ask one page."""
    return ask(request, _paper(link), step)


@_held
def send(request: HttpRequest, link: ReferralLink) -> HttpResponse:
    """Show what was typed, and send it."""
    return check(request, _paper(link))


@_held
def later(request: HttpRequest, link: ReferralLink) -> HttpResponse:
    """Say how to come back."""
    return render(request, "intake/later.html", {"ends_at": link.ends_at})


@_held
def sent(request: HttpRequest, link: ReferralLink) -> HttpResponse:
    """Show the number to keep, and nothing else."""
    reference = sent_by_link(link)
    if not reference:
        return redirect("refer-form")
    return render(request, "intake/sent.html", {"reference": reference})


# --- the hub sends one -------------------------------------------------------------------------------------


@require_http_methods(METHODS)
def send_page(request: HttpRequest) -> HttpResponse:
    """Have a link sent to somebody who has no account."""
    user = signed_in(request)
    standing = require(user, Permission.REFERRALS_RECEIVE)
    lasts = counted(practice_of(user).link_days, "day")
    sheet = Sheet(
        "Send a link",
        "Send a link to make a referral",
        "Send the link",
        reverse("referrals-waiting"),
        "The link is on its way.",
        f"It opens the form once, for one referral, and works for {lasts}.",
    )

    def act(form: LinkForm) -> str:
        partnership = Partnership.objects.visible_to(user).get(pk=standing.partnership_id or 0)
        email = form.cleaned_data["email"]
        send_link(partnership=partnership, email=email, now=timezone.now(), by=user)
        return sheet.back

    return record_by_form(request, form=LinkForm, sheet=sheet, stored=Stored, act=act)
