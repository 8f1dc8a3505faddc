"""The way in anew: with a code that was read out, a person chooses a password."""

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hub.accounts.actions import note_sign_in_refused
from hub.errors import RuleBroken
from partners.people.actions import renew
from partners.people.forms import RenewForm


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def anew(request: HttpRequest) -> HttpResponse:
    """Take a code and a new password, and lead to sign in; codes cannot be tried out."""
    if request.user.is_authenticated:
        return redirect("hub-home")
    form = RenewForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _may_try(request, form) and _renewed(form):
        messages.success(request, "Your new password is set. Sign in with it.")
        return redirect("account_login")
    return render(request, "people/anew.html", {"form": form}, status=422 if form.errors else 200)


def _may_try(request: HttpRequest, form: RenewForm) -> bool:
    """Count the attempt, by the account and by the address, as those of signing in are counted."""
    key = f"anew:{form.cleaned_data['username'].lower()}"
    if ratelimit.consume(request, app="allauth.account", action="login_failed", key=key):
        return True
    form.add_error("code", get_adapter().error_messages["too_many_login_attempts"])
    return False


def _renewed(form: RenewForm) -> bool:
    typed = form.cleaned_data
    try:
        renew(
            username=typed["username"],
            code=typed["code"],
            password=typed["password"],
            now=timezone.now(),
        )
    except RuleBroken as broken:
        if broken.code == "renewal.code":
            note_sign_in_refused(username=typed["username"], now=timezone.now())
        form.add_error(broken.field or None, str(broken))
        return False
    return True
