"""One line for each request: who asked for what, how it ended and how long it took."""

import logging
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from hub.logs.lines import Answer, Request, current_request

logger = logging.getLogger(__name__)

UNKNOWN = "(no such address)"


def log_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Number each request, so that its lines are found together; the answer bears the number too."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        number = secrets.token_hex(8)
        token = current_request.set(Request(number))
        began = time.perf_counter()
        try:
            response = get_response(request)
            response.headers["X-Request-ID"] = number
            took = round((time.perf_counter() - began) * 1000)
            answer = Answer(_method(request), path_of(request), response.status_code, took)
            logger.info("request", extra={"answer": answer})
        finally:
            current_request.reset(token)
        return response

    def process_view(
        request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        noted = current_request.get()
        if noted is not None:
            noted.person = request.user.pk
        return None

    middleware.process_view = process_view  # type: ignore[attr-defined]  # Django's own hook
    return middleware


def path_of(request: HttpRequest) -> str:
    """Give the path as a log may hold it: words that a person could have typed into it are left out.

    A number in an address is a record's own; any other variable part is shown by its name.
    """
    match = request.resolver_match
    if match is None:
        return request.path if request.path.startswith("/static/") else UNKNOWN
    numbers = all(isinstance(value, int) for value in match.kwargs.values())
    return request.path if numbers and not match.args else f"/{match.route}"


def _method(request: HttpRequest) -> str:
    known = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    return request.method if request.method in known else "other"
