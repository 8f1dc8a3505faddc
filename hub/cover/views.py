"""The cover: what stands in place of every page while a person's screen is hidden."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from hub.accounts.actions import move_session, note_sign_out
from hub.accounts.http import page_of_ours, signed_in
from hub.accounts.models import User
from hub.cover.actions import ask_to_show, note_hidden
from hub.cover.forms import PasswordForm

HIDDEN_AT = "hidden_at"
TOO_OFTEN = "You gave a wrong password five times, so you are signed out. Sign in to go on."


@require_POST
def hide(request: HttpRequest) -> HttpResponse:
    """Hide the screen: from now on every page is the cover, in every window."""
    _hidden_at(request, signed_in(request))
    if _asked_by_script(request):
        return HttpResponse(status=204)
    return HttpResponseRedirect(page_of_ours(request, request.POST.get("next", "")))


def _hidden_at(request: HttpRequest, user: User) -> datetime:
    """Give the moment since which the screen is hidden; hide it now where it is not."""
    if HIDDEN_AT not in request.session:
        now = timezone.now()
        note_hidden(now=now, by=user)
        request.session[HIDDEN_AT] = now.isoformat()
        # Under a new key: a slower request that began before must not save the session without this.
        move_session(session=request.session, by=user)
    return datetime.fromisoformat(request.session[HIDDEN_AT])


@sensitive_post_parameters("password")
@require_POST
def show(request: HttpRequest) -> HttpResponse:
    """Show the screen again to the person whose it is; too many wrong passwords end the session.

    A page covered by script asks here too, though the hub may never have heard that it was hidden:
    so the password is checked whatever the session says.
    """
    user = signed_in(request)
    hidden_at = _hidden_at(request, user)
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _refused(request, " ".join(map(str, form.errors["password"])))
    answer = ask_to_show(
        password=form.cleaned_data["password"],
        hidden_at=hidden_at,
        now=timezone.now(),
        by=user,
    )
    if answer.shown:
        return _shown(request)
    return _refused(request, answer.sentence) if answer.tries_left else _signed_out(request, user)


def _shown(request: HttpRequest) -> HttpResponse:
    del request.session[HIDDEN_AT]
    if _asked_by_script(request):
        return JsonResponse({"shown": True})
    return HttpResponseRedirect(page_of_ours(request, request.POST.get("next", "")))


def _refused(request: HttpRequest, message: str) -> HttpResponse:
    if _asked_by_script(request):
        return JsonResponse({"shown": False, "message": message}, status=422)
    return covered(request, back=request.POST.get("next", ""), message=message, status=422)


def _signed_out(request: HttpRequest, user: User) -> HttpResponse:
    note_sign_out(now=timezone.now(), by=user)
    logout(request)
    messages.error(request, TOO_OFTEN)
    answer = redirect("account_login")
    if _asked_by_script(request):
        return JsonResponse({"shown": False, "go": answer.url}, status=403)
    return answer


def _asked_by_script(request: HttpRequest) -> bool:
    return not request.accepts("text/html")


def covered(
    request: HttpRequest, *, back: str, message: str = "", kept: bool = False, status: int = 423
) -> HttpResponse:
    """Answer with the cover, which tells nothing of the page beneath; `back` is where to go on later.

    `kept` says that a form was sent and is now a draft. 423 (locked): what was asked for was not done.
    """
    # What waits to be said may name a case: it is left for the page that comes after.
    page = {"signed": None, "messages": (), "back": back, "message": message, "kept": kept}
    return render(request, "cover/cover.html", page, status=status)
