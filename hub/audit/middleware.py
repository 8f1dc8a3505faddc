"""Refusals on the trail: what a person asked for and was not given."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from hub.audit.actions import note_refusal
from hub.errors import NotAllowed
from hub.logs.middleware import path_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def note_refusals(get_response: GetResponse) -> GetResponse:
    """Note who was refused which page, or asked for one that is hidden or absent (it cannot tell).

    The view is undone by then; the event stands in the request's own transaction, which goes on
    (hub/access/middleware.py).
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> None:
        if request.user.is_authenticated and isinstance(
            error, NotAllowed | PermissionDenied | Http404
        ):
            note_refusal(
                found=not isinstance(error, Http404),
                page=request.resolver_match.url_name or "" if request.resolver_match else "",
                address=path_of(request),
                reason=str(error) if isinstance(error, NotAllowed) else "",
                now=timezone.now(),
                by=request.user,
            )

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django's own hook
    return middleware
