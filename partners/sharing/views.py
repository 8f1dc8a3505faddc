"""The sharing agreements of a partnership: the list, a new one, the end of one."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.recording.http import Sheet, Stored, record_by_form
from partners.agencies.models import Agency
from partners.sharing.actions import end_agreement, make_agreement
from partners.sharing.forms import AgreementForm, EndForm
from partners.sharing.models import SharingAgreement
from partners.sharing.rules import CATEGORIES, state_of

OPENS = (
    "An agreement opens no child by itself: it says what the agency's workers see of the children who are"
    " shared with them. Those whose role sees every case need none."
)
AT_ONCE = (
    "From their next page on the agency's workers see only who their children are, that they were referred,"
    " and what the agency wrote itself."
)


@dataclass(frozen=True)
class Line:
    """An agreement; `end_at` is empty where it is over."""

    agency: str
    categories: list[str]
    basis: str
    starts_on: date
    ends_on: date
    state: str
    end_at: str


@dataclass(frozen=True)
class AgreementsPage:
    """What the page shows: those in force first."""

    lines: list[Line]
    new_at: str


@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """List the agreements."""
    user, now = signed_in(request), timezone.now()
    require(user, Permission.SHARING_MANAGE)
    record(
        event="agreements.seen",
        verb=Verb.CONSULTATION,
        what="agreements",
        reference="all",
        at=now,
        by=user,
    )
    page = {"page": agreements_page(user, london_date(now))}
    return render(request, "sharing/list.html", page)


def agreements_page(user: User, today: date) -> AgreementsPage:
    """Give the page's data, in one query."""
    rows = SharingAgreement.objects.visible_to(user).select_related("agency")
    lines = [_line(row, today) for row in rows.order_by("agency__name", "-starts_on", "-pk")]
    lines.sort(key=lambda line: not line.end_at)
    return AgreementsPage(lines, reverse("partners-sharing-new"))


def _line(row: SharingAgreement, today: date) -> Line:
    ended_on = london_date(row.ended_at) if row.ended_at else None
    over = ended_on is not None or row.ends_on < today
    return Line(
        agency=row.agency.name,
        categories=[label for code, label in CATEGORIES.items() if code in row.categories],
        basis=row.basis,
        starts_on=row.starts_on,
        ends_on=ended_on or row.ends_on,
        state=state_of(row.starts_on, row.ends_on, ended_on, today),
        end_at="" if over else reverse("partners-sharing-end", args=[row.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter an agreement."""
    user = signed_in(request)
    require(user, Permission.SHARING_MANAGE)
    rows = Agency.objects.visible_to(user).order_by("name")
    agencies = {f"{agency.pk}": agency for agency in rows}

    def act(form: AgreementForm) -> str:
        agency = agencies[form.cleaned_data["agency"]]
        make_agreement(agency=agency, agreed=form.agreed, by=user)
        return reverse("partners-sharing")

    return record_by_form(
        request,
        form=partial(AgreementForm, agencies=[(key, row.name) for key, row in agencies.items()]),
        sheet=_sheet("New sharing agreement", "Enter the agreement", OPENS),
        stored=lambda: Stored({"starts_on": london_date(timezone.now())}),
        act=act,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End an agreement."""
    user = signed_in(request)
    require(user, Permission.SHARING_MANAGE)
    rows = SharingAgreement.objects.visible_to(user).select_related("agency")
    agreement = rows.filter(pk=number).first()
    if agreement is None:
        raise Http404

    def act(form: EndForm) -> str:
        end_agreement(agreement=agreement, reason=form.cleaned_data["reason"], by=user)
        return reverse("partners-sharing")

    heading = f"End the agreement with {agreement.agency.name}"
    sheet = _sheet(heading, "End the agreement", AT_ONCE)
    return record_by_form(request, form=EndForm, sheet=sheet, stored=Stored, act=act)


def _sheet(heading: str, button: str, lead: str) -> Sheet:
    return Sheet(
        title=heading,
        heading=heading,
        button=button,
        back=reverse("partners-sharing"),
        done="Recorded.",
        lead=lead,
    )
