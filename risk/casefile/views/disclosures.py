"""What left the hub about a child: the list, an entry by hand, and asking for a thing back."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.rules import Permission
from hub.days.rules import london_date
from hub.recording.http import Sheet, Stored, record_by_form
from hub.site.paging import Paging, nearest_page, paging
from referrals.disclosures.actions import log_disclosure, recall_disclosure
from referrals.disclosures.forms import DisclosureForm, RecallForm
from referrals.disclosures.models import Disclosure, DisclosureRecall
from referrals.disclosures.queries import log_of
from referrals.disclosures.rules import ANSWERS, SETTLED
from risk.casefile.views.frame import Frame
from risk.casefile.views.opening import OpenCase, open_case

PAGE_SIZE = 25
METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Row:
    """A disclosure; `recall_at` is empty where it has been returned or destroyed."""

    on: date
    kind: str
    what: str
    recipient: str
    basis: str
    conditions: str
    by: str
    recalled: str
    recall_at: str


@dataclass(frozen=True)
class DisclosuresPage:
    """What the page shows, the latest first."""

    rows: list[Row]
    paging: Paging
    add_at: str


@require_safe
def disclosures(request: HttpRequest, child_id: int) -> HttpResponse:
    """Show what left the hub about a child, to those who record there."""
    opened = _open(request, child_id, "Disclosures")
    shown = disclosures_page(opened, request.GET.get("page", "1"))
    page: dict[str, Frame | DisclosuresPage] = {"frame": opened.frame, "page": shown}
    return render(request, "children/disclosures.html", page)


def disclosures_page(opened: OpenCase, number: str) -> DisclosuresPage:
    """Build the page, with the same number of queries for many as for few."""
    page = nearest_page(
        log_of(opened.user).filter(child__in=opened.case.numbers), PAGE_SIZE, number
    )
    things = "disclosure" if page.paginator.count == 1 else "disclosures"
    add_at = reverse("risk-child-disclosure-new", args=[opened.child.pk])
    return DisclosuresPage([_row(row) for row in page], paging(page, things), add_at)


def _row(row: Disclosure) -> Row:
    answered = getattr(row, "answered", None) or ""
    recall_at = reverse("risk-child-disclosure-recall", args=[row.child_id, row.pk])
    return Row(
        on=row.disclosed_on,
        kind=row.get_kind_display(),
        what=row.what,
        recipient=row.recipient,
        basis=row.get_basis_display(),
        conditions=row.conditions,
        by=row.recorded_by.name,
        recalled=ANSWERS.get(answered, ""),
        recall_at="" if answered in SETTLED else recall_at,
    )


@require_http_methods(METHODS)
def new(request: HttpRequest, child_id: int) -> HttpResponse:
    """Record what was told or sent."""
    opened = _open(request, child_id, "Record a disclosure")

    def act(form: DisclosureForm) -> str:
        log_disclosure(child=opened.child, told=form.told, by=opened.user)
        return _list(opened)

    return record_by_form(
        request,
        form=DisclosureForm,
        sheet=_sheet(opened, "Record a disclosure", "Record the disclosure"),
        stored=lambda: Stored({"disclosed_on": london_date(opened.now)}),
        act=act,
    )


@require_http_methods(METHODS)
def recall(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Ask for a thing back, or enter what was answered."""
    opened = _open(request, child_id, "Ask for a disclosure back")
    rows = Disclosure.objects.visible_to(opened.user).filter(child__in=opened.case.numbers)
    disclosure = rows.filter(pk=number).first()
    if disclosure is None:
        raise Http404

    def act(form: RecallForm) -> str:
        typed = form.cleaned_data
        recall_disclosure(
            disclosure=disclosure, reason=typed["reason"], answer=typed["answer"], by=opened.user
        )
        return _list(opened)

    return record_by_form(
        request,
        form=RecallForm,
        sheet=_sheet(opened, "Ask for a disclosure back", "Record"),
        stored=lambda: _stored(opened, disclosure),
        act=act,
    )


def _stored(opened: OpenCase, disclosure: Disclosure) -> Stored:
    rows = DisclosureRecall.objects.visible_to(opened.user).filter(disclosure=disclosure)
    last = rows.select_related("recorded_by").order_by("pk").last()
    if last is None:
        return Stored()
    values = {"reason": last.reason, "answer": last.answer}
    return Stored(values, str(last.pk), last.recorded_by.name, last.recorded_at)


def _open(request: HttpRequest, child_id: int, title: str) -> OpenCase:
    return open_case(request, child_id, needs=Permission.NOTES_RECORD, title=title)


def _list(opened: OpenCase) -> str:
    return reverse("risk-child-disclosures", args=[opened.child.pk])


def _sheet(opened: OpenCase, heading: str, button: str) -> Sheet:
    return Sheet(
        title=opened.frame.title,
        heading=heading,
        button=button,
        back=_list(opened),
        done="Recorded.",
        template="children/record.html",
        context={"frame": opened.frame},
    )
