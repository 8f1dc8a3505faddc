"""Printing a child's case: the purpose is asked first, then the sheet stands at an address of its own."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from risk.casefile.rules import Looking, looking_at
from risk.casefile.views import ON_PAPER
from risk.casefile.views.frame import Identity, frame_for_recording, identity_of, labels_for
from risk.casefile.views.opening import led_to_kept
from risk.casefile.views.reading import Case, find, read_case, sees_all
from risk.casefile.views.timeline import whole_timeline
from risk.printing.actions import disclose
from risk.printing.forms import PrintForm
from risk.printing.rules import Sheet, kept_with, parts_of, still_kept

KEPT = "sheets"
PARTS = {**ON_PAPER, "timeline": whole_timeline}


@dataclass(frozen=True)
class Part:
    """A page of the case as the sheet holds it: its template and what that prints."""

    template: str
    tab: object


@dataclass(frozen=True)
class SheetPage:
    """A sheet to be printed; `known_at` is None where what is known today counts."""

    title: str
    identity: Identity
    looking: Looking
    parts: list[Part]
    purpose: str
    recipient: str
    printed_at: datetime


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, child_id: int) -> HttpResponse:
    """Ask what a case is printed for, record the disclosure and lead to the sheet."""
    user, now = signed_in(request), timezone.now()
    asked = {name: request.GET.get(name, "") for name in ("as_at", "known_at")}
    looking = looking_at(**asked, now=now, whole=sees_all(user))
    case, asked_for = _case(user, child_id, looking)
    if case.child.pk != asked_for:
        return led_to_kept(request, "risk-child-print", case.child.pk)
    form = PrintForm(
        request.POST if request.method == "POST" else None,
        tabs=labels_for(sees_all(user)),
        initial={"part": request.GET.get("part", "")},
    )
    if form.is_valid() and not looking.problem:
        sheet = disclose(
            child=case.child,
            looking=looking,
            **form.cleaned_data,
            now=now,
            by=user,
        )
        return redirect("risk-sheet", _keep(request, sheet))
    _note_view(user, case, "print", now)
    frame = frame_for_recording(case, "Print")
    status = 422 if form.errors or looking.problem else 200
    return render(request, "children/print.html", {"frame": frame, "form": form}, status=status)


def _keep(request: HttpRequest, sheet: Sheet) -> str:
    """Keep a sheet in the session, beside the last few, and give its number."""
    number = secrets.token_urlsafe(6)
    request.session[KEPT] = kept_with(request.session.get(KEPT, {}), number, sheet)
    return number


@require_safe
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """Show one of the session's own sheets of the last hour; seeing it again discloses nothing anew."""
    user, now = signed_in(request), timezone.now()
    kept = still_kept(request.session.get(KEPT, {}), number, now)
    if kept is None:
        raise Http404
    looking = looking_at(kept.as_at, kept.known_at, now=now, whole=sees_all(user))
    case, _asked_for = _case(user, kept.child_id, looking)
    _note_view(user, case, "sheet", now)
    page = sheet_page(case, kept)
    return render(request, "children/sheet.html", {"sheet": page})


def sheet_page(case: Case, kept: Sheet) -> SheetPage:
    """Build a sheet; 404 where the person has no longer the page of the case that it holds."""
    tabs = parts_of(kept.part, labels_for(case.sees_all))
    if not tabs:
        raise Http404
    return SheetPage(
        title=f"{case.child.reference} Print sheet",
        identity=identity_of(case),
        looking=case.looking,
        parts=[Part(f"children/{tab}.html", PARTS[tab](case)) for tab in tabs],
        purpose=kept.purpose,
        recipient=kept.recipient,
        printed_at=datetime.fromisoformat(kept.at),
    )


def _case(user: User, child_id: int, looking: Looking) -> tuple[Case, int]:
    """Read the case, and give which record was asked for; one that is hidden is not there at all."""
    found = find(user, child_id, looking)
    if found is None:
        raise Http404
    child, asked_for = found
    return read_case(user, child, looking), asked_for.pk


def _note_view(user: User, case: Case, page: str, now: datetime) -> None:
    child = case.child
    record(
        event="child.viewed",
        verb=Verb.CONSULTATION,
        what="child",
        reference=child.reference,
        at=now,
        by=user,
        partnership_id=child.partnership_id,
        after={"page": page, "as_at": case.looking.query},
        about=[joined.reference for joined, _said in case.joined],
    )
