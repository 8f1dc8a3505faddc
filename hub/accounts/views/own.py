"""What a person settles about their own account: the code of conduct, their sessions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts.actions import accept_conduct, hold_factors, move_session, note_own_change
from hub.accounts.forms import ConductForm
from hub.accounts.http import page_of_ours, signed_in
from hub.accounts.models import User
from hub.accounts.rules import device_in_words
from hub.audit.models import AuditEvent

SIGN_INS_SHOWN = 10


@dataclass(frozen=True)
class Place:
    """Where the person is signed in; `here` is the session in use."""

    number: int
    address: str
    device: str
    since: datetime
    here: bool


@require_http_methods(["GET", "HEAD", "POST"])
def conduct(request: HttpRequest) -> HttpResponse:
    """Show the code of conduct, to be accepted at the first sign-in and once a year."""
    user = signed_in(request)
    form = ConductForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        accept_conduct(now=timezone.now(), by=user)
        return HttpResponseRedirect(page_of_ours(request, request.POST.get("next", "")))
    page = {"form": form, "next": request.GET.get("next", ""), "last": user.conduct_accepted_on}
    return render(request, "accounts/conduct.html", page, status=422 if form.errors else 200)


def again(view: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a person prove themselves again; the session goes on under a new key (OWASP ASVS 5.0, 7.2.4)."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def proving(request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST":
            hold_factors(by=signed_in(request))
        answer = view(request)
        if request.method == "POST" and answer.status_code == 302:
            move_session(session=request.session, by=signed_in(request))
        return answer

    return proving


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Show where the person is signed in, and when they signed in of late: they notice first what is odd."""
    user = signed_in(request)
    signed = AuditEvent.objects.visible_to(user).filter(event="signed.in", user_id=user.pk)
    page = {"places": _places(user), "sign_ins": signed.order_by("-at")[:SIGN_INS_SHOWN]}
    return render(request, "accounts/sessions.html", page)


def _places(user: User) -> list[Place]:
    """Give the sessions: the one in use, then the others, the newest first."""
    found = [
        Place(row.pk, row.ip, device_in_words(row.user_agent), row.created_at, row.is_current())
        for row in UserSession.objects.purge_and_list(user)
    ]
    return sorted(found, key=lambda place: (place.here, place.since), reverse=True)


@require_POST
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    """End one of one's own sessions; ending the one in use is signing out, which has its own button."""
    user = signed_in(request)
    session = UserSession.objects.filter(user=user, pk=number).first()
    if session is None or session.is_current():
        raise Http404
    session.end()
    note_own_change(event="session.ended", now=timezone.now(), by=user)
    messages.success(request, "That session has ended.")
    return redirect("usersessions_list")
