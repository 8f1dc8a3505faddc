"""The caseload: the open episodes a person may see, narrowed and sorted as the address says."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from hub.access.gate import require, standing_of
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import RuleBroken
from hub.site.paging import Paging, nearest_page, paging
from partners.partnerships.queries import practice_of
from referrals.caseload.actions import delete_filter, save_filter
from referrals.caseload.forms import CaseloadForm, SaveFilterForm
from referrals.caseload.models import SavedFilter
from referrals.caseload.queries import (
    CaseloadRow,
    address_of,
    in_order,
    lead_workers,
    led_by,
    narrowed,
    number_of,
    rows_of,
    with_children,
)
from referrals.caseload.rules import READY, SIZES, SORTS, USUAL_SORT, View

NONE_OPEN = "Your partnership has no open episode. The next referral will appear here."
NONE_SHARED = (
    "You see a child here once your service has accepted the referral, until the support ends. "
    "If you expected a child, ask the child's lead worker at the hub."
)


@dataclass(frozen=True)
class Heading:
    """A column's heading: the link that sorts by it, and how it is sorted now (aria-sort's own words)."""

    label: str
    link: str
    order: str


@dataclass(frozen=True)
class Tag:
    """A filter that is on, in words, and the link that drops it."""

    words: str
    link: str


@dataclass(frozen=True)
class Size:
    """A number of rows a page, and the link to it."""

    number: int
    link: str
    here: bool


@dataclass(frozen=True)
class CaseloadPage:
    """A page of the list; its counts are of what the person may see, nothing else.

    `query` is the view as an address says it, `cleared` a whole link; `kept` are hidden fields; `ready`
    are links to filters that everybody has, each with its words.
    """

    number: int
    query: str
    rows: list[CaseloadRow]
    paging: Paging
    why_empty: str
    form: CaseloadForm
    kept: list[tuple[str, str]]
    order: str
    tags: list[Tag]
    cleared: str
    headings: list[Heading]
    sizes: list[Size]
    ready: list[tuple[str, str]]
    saved: list[SavedFilter]


@require_safe
def caseload(request: HttpRequest) -> HttpResponse:
    """List the open episodes that the person may see, the earliest review first unless asked otherwise."""
    user = signed_in(request)
    _require_cases(user)
    return _answer(request, user, request.GET, SaveFilterForm())


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the page that was sent, and go back to it."""
    user = signed_in(request)
    _require_cases(user)
    asked, form, now = (
        QueryDict(request.POST.get("query", "")),
        SaveFilterForm(request.POST),
        timezone.now(),
    )
    if form.is_valid():
        _asked, view, _led = _form(user, asked, london_date(now))
        try:
            save_filter(name=form.cleaned_data["name"], view=view, now=now, by=user)
        except RuleBroken as fault:
            form.add_error("name", str(fault))
        else:
            messages.success(request, "The filters are saved. You find them above the list.")
            return HttpResponseRedirect(address_of(view))
    return _answer(request, user, asked, form)


@require_POST
def delete(request: HttpRequest) -> HttpResponse:
    """Let one of the person's own filters go; another's answers as one that is not there."""
    user = signed_in(request)
    _require_cases(user)
    number = request.POST.get("filter", "")
    own = SavedFilter.objects.visible_to(user)
    saved = own.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
    if saved is None:
        raise Http404
    delete_filter(saved=saved, now=timezone.now(), by=user)
    messages.success(request, "The saved filter is deleted.")
    return redirect("referrals-caseload")


def _require_cases(user: User) -> None:
    """Raise NotAllowed for those whose role opens no case: an empty list would say there is none."""
    if not _sees_shared_only(user):
        require(user, Permission.CASES_VIEW)


def _sees_shared_only(user: User) -> bool:
    standing = standing_of(user)
    return standing is not None and standing.may(Permission.SHARED_CASES_VIEW)


def _answer(
    request: HttpRequest, user: User, asked: QueryDict, name_form: SaveFilterForm
) -> HttpResponse:
    """Show the page and put on the trail what was on it; 422 where something asked makes no sense."""
    now = timezone.now()
    page = caseload_page(user, asked, london_date(now))
    _note_view(user, page, now)
    wrong = bool(page.form.errors or name_form.errors)
    shown = {"caseload": page, "name_form": name_form, "wrong": wrong}
    return render(request, "episodes/caseload.html", shown, status=422 if wrong else 200)


def _note_view(user: User, page: CaseloadPage, now: datetime) -> None:
    record(
        event="caseload.viewed",
        verb=Verb.CONSULTATION,
        what="caseload",
        reference=f"page {page.number}",
        at=now,
        by=user,
        after={"episodes": [row.reference for row in page.rows], "query": page.query},
        about=[row.child_reference for row in page.rows],
    )


def _form(user: User, asked: QueryDict, today: date) -> tuple[CaseloadForm, View, dict[str, int]]:
    """Read what is asked for; who leads how many comes with it, for the workers are among the choices."""
    form = CaseloadForm(asked, today=today, adult_weeks=practice_of(user).adult_weeks)
    led = led_by(user, form.view().filters, today)
    form.offer(lead_workers(led))
    return form, form.view(), led


def caseload_page(user: User, asked: QueryDict, today: date) -> CaseloadPage:
    """Build the page that an address asks for; a number that is none gives the nearest page there is."""
    form, view, led = _form(user, asked, today)
    episodes = in_order(narrowed(user, view.filters, form.workers, today), view)
    # Its number is known by now: to count is half of what a long list costs.
    number = number_of(led, view.filters.worker, form.workers)
    page = nearest_page(episodes, view.size, asked.get("page", "1"), number)
    shared_only = _sees_shared_only(user)
    return CaseloadPage(
        number=page.number,
        query=view.query,
        rows=rows_of(user, with_children(page, view), today),
        paging=paging(
            page, "open episode" if page.paginator.count == 1 else "open episodes", view.query
        ),
        why_empty=NONE_SHARED if shared_only else NONE_OPEN,
        form=form,
        kept=form.kept(),
        order=_order(view),
        tags=_tags(form, view),
        cleared=address_of(view.cleared()),
        headings=[_heading(view, column) for column in SORTS],
        sizes=[_size(view, number) for number in SIZES],
        ready=[] if shared_only else [(words, address_of(view)) for words, view in READY],
        saved=list(SavedFilter.objects.visible_to(user)),
    )


def _heading(view: View, column: str) -> Heading:
    order = ""
    if column == view.column:
        order = "descending" if view.downward else "ascending"
    return Heading(SORTS[column], address_of(view.sorted_by(column)), order)


def _order(view: View) -> str:
    """Say the order in words where nobody chose it."""
    return "The earliest review comes first." if view.sort == USUAL_SORT else ""


def _tags(form: CaseloadForm, view: View) -> list[Tag]:
    return [
        Tag(words, address_of(view.without(name))) for name, words in form.in_words(view.filters)
    ]


def _size(view: View, number: int) -> Size:
    return Size(number, address_of(view.of_size(number)), number == view.size)
