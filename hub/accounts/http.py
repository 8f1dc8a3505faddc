"""The person behind a request, typed, and how they came in; and which addresses in it may be followed."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from hub.access.gate import standing_of
from hub.accounts.models import User
from hub.accounts.rules import needs_second_factor
from hub.errors import NotAllowed

# Django sends nobody to a longer address: going there would end in an error.
LONGEST_NEXT = 2000
# A session bears this when its person proved who they are by a second factor (or holds one since).
PROVED = "second_factor"
VOUCHED = "single sign-on with a second factor"
SECOND = {"one-time code", "passkey", "recovery code", VOUCHED}
# What allauth calls a way to prove who one is, and what the trail calls it.
WAYS = {
    "password": "password",
    "totp": "one-time code",
    "webauthn": "passkey",
    "recovery_codes": "recovery code",
    "socialaccount": "single sign-on",
}


def signed_in(request: HttpRequest) -> User:
    """Give the signed-in person; raises NotAllowed where nobody is (the middleware sends them to sign in)."""
    if isinstance(request.user, User):
        return request.user
    raise NotAllowed("Sign in first.")


def page_of_ours(request: HttpRequest, asked: str) -> str:
    """Give the address that was asked for (path and query) if it is one of ours; else the home page's."""
    ours = url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, require_https=request.is_secure()
    )
    if ours and asked.startswith("/") and len(asked) <= LONGEST_NEXT:
        return asked
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def ways_of(request: HttpRequest, user: User) -> list[str]:
    """Give how a signed-in person proved who they are, in the trail's words and in that order."""
    return list(dict.fromkeys(map(_way, get_authentication_records(request, user))))


def _way(known: dict[str, Any]) -> str:
    provider = settings.SSO.get(known.get("provider", ""))
    if provider is not None and provider.second_factor:
        return VOUCHED
    return WAYS.get(known.get("type") or known["method"], "other")


def factor_is_needed(request: HttpRequest, user: User) -> bool:
    """Say whether the person's role needs a second factor that they do not have."""
    standing = standing_of(user)
    if not settings.SECOND_FACTOR_REQUIRED or standing is None or PROVED in request.session:
        return False
    if not needs_second_factor(standing.role):
        return False
    if not SECOND & set(ways_of(request, user)) and not is_mfa_enabled(user):
        return True
    request.session[PROVED] = True
    return False
