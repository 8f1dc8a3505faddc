"""The person behind a request, typed; and which addresses in it may be followed."""

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from hub.accounts.models import User
from hub.errors import NotAllowed

# Django sends nobody to a longer address: going there would end in an error.
LONGEST_NEXT = 2000


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
