"""What a person settles before anything else: their post, the code of conduct, a second factor."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.http import urlencode

from hub.access.gate import standing_of
from hub.accounts.http import LONGEST_NEXT, factor_is_needed
from hub.accounts.models import User
from hub.accounts.rules import conduct_is_due
from hub.days.rules import london_date

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# A session whose person had accepted at its first page: nobody is interrupted at midnight.
ACCEPTED = "conduct"
ALWAYS_OPEN = {
    "account_login", "hub-sign-out", "hub-session", "hub-hide", "hub-show", "hub-health", "hub-ready",
    "hub-accessibility", "hub-problem",
}  # fmt: skip
SETTLING_FACTORS = {
    "mfa_index", "mfa_activate_totp", "hub-factor-picture", "mfa_add_webauthn", "mfa_view_recovery_codes",
    "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
}  # fmt: skip
MISSING = "Your role needs a second factor to sign in. Add a telephone or a passkey to go on."


def settle_first(get_response: GetResponse) -> GetResponse:
    """Lead a person who has something to settle to its page, whatever they asked for."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        name = request.resolver_match.url_name if request.resolver_match else None
        if not isinstance(request.user, User) or name in ALWAYS_OPEN:
            return None
        if name in ("hub-conduct", "partners-post"):
            return None
        if _post_is_to_be_chosen(request.user):
            return redirect(_and_back(request, "partners-post"))
        if _conduct_is_due(request, request.user):
            return redirect(_and_back(request, "hub-conduct"))
        if name not in SETTLING_FACTORS and factor_is_needed(request, request.user):
            messages.info(request, MISSING)
            return redirect("mfa_index")
        return None

    middleware.process_view = process_view  # type: ignore[attr-defined]  # Django's own hook
    return middleware


def _post_is_to_be_chosen(user: User) -> bool:
    standing = standing_of(user)
    return standing is not None and standing.posts > 1 and standing.post_id != user.chosen_post


def _conduct_is_due(request: HttpRequest, user: User) -> bool:
    if ACCEPTED in request.session:
        return False
    due = conduct_is_due(user.conduct_accepted_on, london_date(timezone.now()))
    if not due:
        request.session[ACCEPTED] = True
    return due


def _and_back(request: HttpRequest, name: str) -> str:
    wanted = request.get_full_path()
    if request.method not in ("GET", "HEAD") or len(wanted) > LONGEST_NEXT // 4:
        return resolve_url(name)
    return f"{resolve_url(name)}?{urlencode({'next': wanted})}"
