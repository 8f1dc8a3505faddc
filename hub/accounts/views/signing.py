"""Signing in and out."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.stagekit import unstash_login
from allauth.account.models import Login
from allauth.mfa.base.views import authenticate
from allauth.mfa.webauthn.views import login_webauthn
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from hub.accounts.actions import hold_factors, note_sign_in_refused, note_sign_out
from hub.accounts.adapter import WRONG
from hub.accounts.forms import SignInForm
from hub.accounts.http import page_of_ours
from hub.accounts.models import User


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Let a person in, or on to their second factor; what was typed wrong comes back with its message."""
    if request.user.is_authenticated:
        return redirect("hub-home")
    form = SignInForm(request.POST if request.method == "POST" else None)
    user = _known(request, form) if form.is_valid() else None
    if user is not None:
        login = Login(user=user, redirect_url=page_of_ours(request, _asked(request)))
        answer: HttpResponseBase = perform_password_login(request, form.cleaned_data, login)
        return answer
    page = {"form": form, "next": _asked(request), "providers": list(settings.SSO.values())}
    return render(request, "accounts/sign_in.html", page, status=422 if form.errors else 200)


def _known(request: HttpRequest, form: SignInForm) -> User | None:
    """Give whose name and password these are; where nobody's, or too often wrong, the form says so."""
    try:
        user = get_adapter().authenticate(request, **form.cleaned_data)
    except ValidationError as error:
        form.add_error("password", error)
        return None
    if not isinstance(user, User):
        form.add_error("password", WRONG)
        return None
    return user


@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponseBase:
    """Take the second factor; a wrong one is on the trail, as a wrong password is."""
    begun = unstash_login(request, peek=True)
    if request.method == "POST" and begun is not None:
        hold_factors(by=begun.user)
    answer: HttpResponseBase = authenticate(request)
    if request.method == "POST" and begun is not None and not request.user.is_authenticated:
        note_sign_in_refused(username=begun.user.username, now=timezone.now())
        answer.status_code = 422 if answer.status_code == 200 else answer.status_code
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def by_passkey(request: HttpRequest) -> HttpResponseBase:
    """Let a person in by a passkey alone; one that opens nothing is on the trail, whosever it is."""
    answer: HttpResponseBase = login_webauthn(request)
    if request.method == "POST" and not request.user.is_authenticated:
        note_sign_in_refused(username="", now=timezone.now())
    return answer


def _asked(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next") or ""


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if isinstance(request.user, User):
        note_sign_out(now=timezone.now(), by=request.user)
    logout(request)
    messages.success(request, "You are signed out.")
    return redirect("account_login")
