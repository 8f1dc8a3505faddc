"""The gallery, health, the pages of the footer and those shown when something went wrong."""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import get_resolver
from django.utils import timezone
from django.views.decorators.http import require_safe

from hub.interface.http import ProblemAnswer, is_for_machines
from hub.site.gallery import gallery

logger = logging.getLogger(__name__)


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show every component in each of its states: what a new page is put together from."""
    return render(request, "gallery/gallery.html", {"gallery": gallery()})


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """List the keys that the person can use, with what to do without them."""
    return render(request, "site/keys.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say what was tried for accessibility and what was not, to anybody.

    Asked for by the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility
    Regulations 2018, reg. 8; the partnership adds whom to write to.
    """
    return render(request, "site/accessibility.html")


@dataclass(frozen=True)
class Problem:
    """What helps to find a fault, without a word of any case: the page's own name, not its address."""

    page: str
    at: datetime
    browser: str


@require_safe
def problem(request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a problem and what to tell them, to anybody: also to one who cannot sign in."""
    return render(request, "site/problem.html", {"problem": _problem(request)})


def _problem(request: HttpRequest) -> Problem:
    named = request.GET.get("page", "")
    page = named if named in get_resolver().reverse_dict else ""
    return Problem(page, timezone.now(), request.headers.get("User-Agent", "")[:300])


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Say that the web server and its database answer; nothing else, and to anybody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say what to do when a form's token is missing or old."""
    message = "Go back, reload the page and send it again."
    page = {"heading": "This form has expired", "message": message}
    return render(request, "errors/domain.html", page, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that no browser would send."""
    if is_for_machines(request):
        return ProblemAnswer(400, "The request cannot be read: send UTF-8, and no NUL.")
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what the person may see but not do."""
    return render(request, "errors/403.html", status=403)


def too_often(request: HttpRequest) -> HttpResponse:
    """Answer what was tried too often; the sign-in library asks for this page by its name in hub/urls.py."""
    message = "You tried this too often. Wait for 15 minutes, then try again."
    page = {"heading": "Too many tries", "message": message}
    return render(request, "errors/domain.html", page, status=429)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for what is absent and for what is hidden: the same page."""
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when the fault is ours; without the database, which may be the fault.

    The reference on the page stands in the log beside the fault's own lines.
    """
    reference = secrets.token_hex(4).upper()
    match = request.resolver_match
    shown_at = match.route if match else "(no such address)"  # a path may hold what somebody typed
    logger.error("fault %s was shown at %s", reference, shown_at)
    if is_for_machines(request):
        return ProblemAnswer(500, f"The fault is ours. Tell the hub this reference: {reference}.")
    page = {"signed": None, "reference": reference}
    return render(None, "errors/500.html", page, status=500)
