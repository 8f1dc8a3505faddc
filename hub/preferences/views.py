"""The pages of one's own account, and the switch for keys that is on every page."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts.http import page_of_ours, signed_in
from hub.preferences.actions import choose, switch_keys
from hub.preferences.forms import KeysForm, SettingsForm
from hub.preferences.models import Keys, Preferences


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show a person what the hub knows of them: the header's own data, and the name they sign in with."""
    return render(request, "account/account.html", {"username": signed_in(request).username})


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Let a person choose; works without scripts, as keys themselves do not."""
    user = signed_in(request)
    own = Preferences.objects.visible_to(user).or_usual()
    stored = {"keys": own.keys, "density": own.density}
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=stored)
    if form.is_valid():
        choose(now=timezone.now(), by=user, **form.cleaned_data)
        messages.success(request, "Your settings are saved.")
        return redirect("hub-settings")
    page = {"form": form}
    return render(request, "account/settings.html", page, status=422 if form.errors else 200)


@require_POST
def keys(request: HttpRequest) -> HttpResponse:
    """Put keys on or off, and lead back to the page with the switch."""
    user = signed_in(request)
    form = KeysForm(request.POST)
    if not form.is_valid():
        raise BadRequest("neither on nor off")
    chosen: Keys = form.cleaned_data["keys"]
    switch_keys(keys=chosen, now=timezone.now(), by=user)
    messages.success(request, f"Keys are {chosen.value}.")
    return HttpResponseRedirect(page_of_ours(request, request.POST.get("next", "")))
