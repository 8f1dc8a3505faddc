"""Signing in and out."""

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from hub.access.context import act_as
from hub.accounts.actions import note_sign_in, note_sign_in_refused, note_sign_out
from hub.accounts.forms import SignInForm
from hub.accounts.http import page_of_ours
from hub.accounts.models import User


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let a person in; what was typed wrong comes back with its message, without the password."""
    if request.user.is_authenticated:
        return redirect("hub-home")
    form = SignInForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if isinstance(user, User):
            login(request, user)
            act_as(user)
            note_sign_in(now=timezone.now(), by=user)
            return HttpResponseRedirect(page_of_ours(request, _asked(request)))
        note_sign_in_refused(username=form.cleaned_data["username"], now=timezone.now())
        form.add_error("password", "The user name or password is wrong. Check both and try again")
    page = {"form": form, "next": _asked(request)}
    return render(request, "accounts/sign_in.html", page, status=422 if form.errors else 200)


def _asked(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next") or ""


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if isinstance(request.user, User):
        note_sign_out(now=timezone.now(), by=request.user)
    logout(request)
    messages.success(request, "You are signed out.")
    return redirect("hub-sign-in")
