"""While a screen is hidden, every address answers with the cover."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from hub.accounts.http import signed_in
from hub.cover.actions import keep_unsent
from hub.cover.views import HIDDEN_AT, covered
from hub.recording.rules import answers_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]

STILL_OPEN = ("hub-hide", "hub-show", "hub-sign-out", "hub-session", "hub-health", "hub-ready")


def cover_hidden(get_response: GetResponse) -> GetResponse:
    """Let nothing through to a session whose screen is hidden: no page, no form, no unknown address.

    A recording form that was sent from another window is kept as a draft, once its token is checked.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or not _is_covered(request):
            return get_response(request)
        return covered(request, back=request.get_full_path())

    def process_view(
        request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        if not _is_covered(request):
            return None
        kept = "once" in request.POST and _keep(request)
        return covered(request, back=_sent_from(request), kept=kept)

    middleware.process_view = process_view  # type: ignore[attr-defined]  # Django's own hook
    return middleware


def _is_covered(request: HttpRequest) -> bool:
    if HIDDEN_AT not in request.session:
        return False
    return all(request.path_info != reverse(name) for name in STILL_OPEN)


def _keep(request: HttpRequest) -> bool:
    answers = answers_of({name: list(values) for name, values in request.POST.lists()})
    return keep_unsent(
        address=request.path, answers=answers, now=timezone.now(), by=signed_in(request)
    )


def _sent_from(request: HttpRequest) -> str:
    """Give the page whose form was sent: that is where to go on."""
    return urlsplit(request.headers.get("Referer", ""))._replace(scheme="", netloc="").geturl()
