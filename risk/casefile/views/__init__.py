"""The pages of a child's case: each a tab, each as at today or a past day, each on the trail."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.audit.actions import record
from hub.audit.models import Verb
from risk.casefile.rules import looking_at
from risk.casefile.views.frame import frame_of, labels_for
from risk.casefile.views.intelligence import intelligence_tab
from risk.casefile.views.levels import levels_tab
from risk.casefile.views.opening import led_to_kept
from risk.casefile.views.places import addresses_tab
from risk.casefile.views.reading import Case, find, read_case, sees_all
from risk.casefile.views.summary import summary_tab
from risk.casefile.views.tabs import episodes_tab, missing_tab, support_tab
from risk.casefile.views.timeline import TimelineTab, timeline_tab

# What a page needs besides what every page of a case does (risk/cases/queries.py).
PLACES = ("addresses", "statuses")
NEEDED = {
    "summary": (*PLACES, "support", "told", "names", "latest", "words", "calling"),
    "timeline": (*PLACES, "support", "notes"),
    "addresses": PLACES,
    "support": ("support",),
}


@require_safe
def summary(request: HttpRequest, child_id: int) -> HttpResponse:
    """Show the child in one minute."""
    return _page(request, child_id, "summary", summary_tab)


@require_safe
def timeline(request: HttpRequest, child_id: int) -> HttpResponse:
    """Show what happened, the newest first, of the kinds that the address asks for."""
    asked, wanted = request.GET, request.GET.getlist("kind")
    number, note = asked.get("page", ""), asked.get("note", "")

    def build(case: Case) -> TimelineTab:
        return timeline_tab(case, wanted, number, note=note)

    return _page(request, child_id, "timeline", build)


@require_safe
def levels(request: HttpRequest, child_id: int) -> HttpResponse:
    """Show each level with its reason, and what was corrected."""
    return _page(request, child_id, "levels", levels_tab)


@require_safe
def addresses(request: HttpRequest, child_id: int) -> HttpResponse:
    """Show where the child lived and which statuses it had."""
    return _page(request, child_id, "addresses", addresses_tab)


@require_safe
def episodes(request: HttpRequest, child_id: int) -> HttpResponse:
    """Show the episodes, open and closed."""
    return _page(request, child_id, "episodes", episodes_tab)


@require_safe
def missing(request: HttpRequest, child_id: int) -> HttpResponse:
    """Show when the child was missing, and the interviews afterwards."""
    return _page(request, child_id, "missing", missing_tab)


@require_safe
def support(request: HttpRequest, child_id: int) -> HttpResponse:
    """Show which services were asked, and how they answered."""
    return _page(request, child_id, "support", support_tab)


@require_safe
def intelligence(request: HttpRequest, child_id: int) -> HttpResponse:
    """Show the police's intelligence, as far as it is for the person."""
    return _page(request, child_id, "intelligence", intelligence_tab)


def _page(
    request: HttpRequest, child_id: int, tab: str, build: Callable[[Case], object]
) -> HttpResponse:
    """Draw one tab as at the day that the address names; 422 where it names none that can be shown."""
    user, now = signed_in(request), timezone.now()
    asked = {name: request.GET.get(name, "") for name in ("as_at", "known_at")}
    looking = looking_at(**asked, now=now, whole=sees_all(user))
    found = find(user, child_id, looking)
    if found is None:
        raise Http404
    child, asked_for = found
    if child != asked_for:
        return led_to_kept(request, f"risk-child-{tab}", child.pk)
    if tab not in labels_for(sees_all(user)):
        require(user, Permission.CASES_VIEW, child)
    case = read_case(user, child, looking, NEEDED.get(tab, ()))
    record(
        event="child.viewed",
        verb=Verb.CONSULTATION,
        what="child",
        reference=child.reference,
        at=now,
        by=user,
        partnership_id=child.partnership_id,
        after={"page": tab, "as_at": looking.query},
        about=[record.reference for record, _said in case.joined],
    )
    page = {"frame": frame_of(case, tab), "tab": build(case)}
    return render(request, f"children/{tab}.html", page, status=422 if looking.problem else 200)


# The pages that are on paper what they are on a screen; the timeline is whole there.
ON_PAPER: dict[str, Callable[[Case], object]] = {
    "summary": summary_tab,
    "levels": levels_tab,
    "addresses": addresses_tab,
    "episodes": episodes_tab,
    "missing": missing_tab,
    "support": support_tab,
    "intelligence": intelligence_tab,
}
