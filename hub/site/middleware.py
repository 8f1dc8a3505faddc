"""What every request passes: the unreadable refused, sign-in first, faults made into pages, no caching."""

import codecs
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import parse_header_parameters, urlencode

from hub.access.rules import OF_A_LINK
from hub.errors import DomainError

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

GetResponse = Callable[[HttpRequest], HttpResponseBase]
Middleware = Callable[[HttpRequest], HttpResponseBase]
Given = ParamSpec("Given")
Answer = TypeVar("Answer")

OPEN_PAGES = {
    "account_login",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_login",
    "openid_connect_callback",
    "partners-anew",
    "hub-sign-out",
    "hub-health",
    "hub-ready",
    "hub-accessibility",
    "hub-problem",
}
# Past this the address of the page that was asked for is dropped: Django sends nobody to an address
# of more than 2,048 characters, and escaping makes it longer.
LONGEST_NEXT = 500
# Just over half of the 131,072 that Python then takes at once; the other half is for all that is called.
SLOTS = 66_000
HEADINGS = {403: "You cannot do this", 409: "Somebody else was there first"}


def no_store(get_response: GetResponse) -> Middleware:
    """Forbid every cache to keep a page: a shared computer must not show a case after sign-out.

    Besides, an answer that Django's SecurityMiddleware made of its own fault (to another host's name, on
    the way to TLS) lacks the headers that it gives to all others.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        return response

    return middleware


def refuse_unreadable(get_response: GetResponse) -> Middleware:
    """Refuse a NUL in address or cookies, and every encoding but UTF-8.

    PostgreSQL cannot hold a NUL, so no query may meet one (form fields refuse it themselves, with a
    message); and Django decodes an address by whatever codec is named: in UTF-7 a NUL looks harmless.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if _holds_nul(request) or not _is_utf8(request.META.get("CONTENT_TYPE", "")):
            raise SuspiciousOperation("a NUL, or an encoding other than UTF-8")
        return get_response(request)

    return middleware


def _holds_nul(request: HttpRequest) -> bool:
    in_query = "%00" in request.META.get("QUERY_STRING", "")
    return in_query or any("\0" in text for text in (request.path_info, *request.COOKIES.values()))


def _is_utf8(content_type: str) -> bool:
    """Say whether a Content-Type names UTF-8, or no encoding at all."""
    try:
        _kind, said = parse_header_parameters(content_type)
        return codecs.lookup(said.get("charset", "utf-8")).name == "utf-8"
    except (LookupError, ValueError):
        return False


def without_codecs(application: "WSGIApplication") -> "WSGIApplication":
    """Keep every codec but UTF-8 from Django, which decodes by it before any middleware is asked.

    `charset=rot13` would be a bare fault 500; as ASCII it comes to `refuse_unreadable` and its page.
    """

    def readable(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not _is_utf8(environ.get("CONTENT_TYPE", "")):
            environ["CONTENT_TYPE"] = "text/plain; charset=ascii"
        return application(environ, start_response)

    return readable


def with_room(call: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Make the call from a frame so large that all frames above it lie in one piece of memory.

    Else a loop whose calls cross the edge of a piece asks the system for memory each time round:
    docs/decisions/0035-room-for-a-request.md.
    """

    def roomy(*given: Given.args, **named: Given.kwargs) -> Answer:
        return call(*given, **named)

    roomy.__code__ = roomy.__code__.replace(co_stacksize=SLOTS)
    return roomy


def sign_in_required(get_response: GetResponse) -> Middleware:
    """Send a stranger to sign in, from every address but the few that are open by name."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        match = request.resolver_match
        if request.user.is_authenticated or _is_open(match.url_name if match else None):
            return None
        return redirect(_sign_in_address(request))

    middleware.process_view = process_view  # type: ignore[attr-defined]  # Django's own hook
    return middleware


def _is_open(name: str | None) -> bool:
    return name is not None and (name in OPEN_PAGES or name.startswith(OF_A_LINK))


def _sign_in_address(request: HttpRequest) -> str:
    """Give the way to sign in, and back to a page that was to be read; what was sent is not sent again."""
    wanted = request.get_full_path()
    if request.method not in ("GET", "HEAD") or len(wanted) > LONGEST_NEXT:
        return resolve_url("account_login")
    return f"{resolve_url('account_login')}?{urlencode({'next': wanted})}"


def domain_errors(get_response: GetResponse) -> Middleware:
    """Turn a domain error into its page: what is wrong and what to do; the request is rolled back."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        heading = HEADINGS.get(error.status, "This cannot be done")
        page = {"heading": heading, "message": str(error)}
        return render(request, "errors/domain.html", page, status=error.status)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django's own hook
    return middleware


def refused_methods(get_response: GetResponse) -> Middleware:
    """Give a refused method its page; Django's own answer is an empty one."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        page = render(request, "errors/405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return middleware
