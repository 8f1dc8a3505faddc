"""Ending sessions by the clock, without losing what was typed."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.http import urlencode

from hub.access.context import acting_as
from hub.access.rules import OF_A_LINK
from hub.accounts.models import User
from hub.recording.rules import Answers, answers_of
from hub.sessions.actions import owner_of, seal
from hub.sessions.clock import is_another, left, note_deed

GetResponse = Callable[[HttpRequest], HttpResponseBase]

SEALED = (
    "You had been signed out before you sent this, so it is not recorded. What you typed is kept for "
    "15 minutes: sign in, check it and send it again."
)


CHANGED = "What you may do here has changed, so you were signed out. Sign in again to go on."


def end_by_the_clock(get_response: GetResponse) -> GetResponse:
    """End a session that is over, or whose person's rights have changed.

    A recording form that was sent after the end is kept for the same person.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        now = timezone.now()
        person = request.user if isinstance(request.user, User) else None
        if person is not None and left(request.session, now) == 0:
            logout(request)
        elif person is not None and is_another(request.session, person):
            logout(request)
            messages.info(request, CHANGED)
        elif person is not None and _is_a_deed(request):
            note_deed(request.session, now)
        request.session_ended_of = person  # type: ignore[attr-defined]  # read below, once
        return get_response(request)

    def process_view(
        request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Seal what a stranger sent to a recording form, where an ended session says whose it is."""
        if request.user.is_authenticated or request.method != "POST" or "once" not in request.POST:
            return None
        match = request.resolver_match
        if match and (match.url_name or "").startswith(OF_A_LINK):  # it is the link's holder's own
            return None
        return _sealed(request)

    middleware.process_view = process_view  # type: ignore[attr-defined]  # Django's own hook
    return middleware


def _is_a_deed(request: HttpRequest) -> bool:
    """Say whether a person did something: a screen that asks by itself what is new keeps nobody signed in."""
    return request.path != resolve_url("hub-session") and "HX-Request" not in request.headers


def _sealed(request: HttpRequest) -> HttpResponse | None:
    now = timezone.now()
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    ended_now = getattr(request, "session_ended_of", None)
    person = ended_now or (owner_of(session_key=key, now=now) if key else None)
    answers = answers_of({name: list(values) for name, values in request.POST.lists()})
    if person is None or not _kept(person, request.path, answers, now):
        return None
    messages.info(request, SEALED)
    return redirect(f"{resolve_url('account_login')}?{urlencode({'next': request.path})}")


def _kept(person: User, address: str, answers: Answers, now: datetime) -> bool:
    """Keep it in the person's name: the session has ended, so the request acts for nobody."""
    with acting_as(person):
        return seal(address=address, answers=answers, now=now, by=person)
