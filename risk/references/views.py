"""Cases by reference: finding one, reading it, and opening who the child is with a reason."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.codes.rules import code_list
from hub.recording.http import Sheet, Stored, record_by_form
from partners.partnerships.models import Partnership
from referrals.children.models import GENDERS, CareStatus
from referrals.identities.actions import end_identification, identify
from referrals.identities.models import Identification
from referrals.identities.queries import (
    Identity,
    Referenced,
    bearing,
    identification_of,
    identity_of,
    records_by_reference,
    referenced,
)
from referrals.support.models import ServiceReferral
from risk.references.forms import IdentifyForm, ReferenceForm
from risk.references.queries import (
    CaseByReference,
    EpisodeByReference,
    Service,
    Span,
    read_by_reference,
)
from risk.references.rules import NOT_THERE

UNKNOWN = "Not recorded"
LEAD = (
    "You work by reference. To check a figure or a conflict against one child you may see for an hour who it"
    " is: name, date of birth, address and numbers. It ends by itself, and what you had open of another child"
    " ends now. That you did so, and why, is on the trail."
)


@dataclass(frozen=True)
class EpisodeRow:
    """An episode as the page prints it."""

    reference: str
    record: str
    referred_on: date
    closed_on: date | None
    particulars: list[tuple[str, str]]
    levels: list[tuple[str, date]]
    reviews: list[tuple[date, date | None]]
    services: list[Service]


@dataclass(frozen=True)
class ReferencePage:
    """A case by reference; `identity` and `opened` are there while the person has it open, else None.

    `joined` are the records that are read with it. Who each record says that the child is opens by itself;
    `opened_as` is the reference of the one that is open.
    """

    child_id: int
    reference: str
    particulars: list[tuple[str, str]]
    statuses: list[Span]
    episodes: list[EpisodeRow]
    joined: list[Referenced]
    opened: Identification | None
    opened_as: str
    identity: Identity | None


def _counter(request: HttpRequest) -> User:
    """Give the person, if their role works by reference; raises NotAllowed."""
    user = signed_in(request)
    require(user, Permission.CASES_BY_REFERENCE)
    return user


def _child(child_id: int) -> Referenced:
    found = referenced(child_id)
    if found is None:
        raise Http404
    return found


def _records(child_id: int) -> list[Referenced]:
    found = records_by_reference(child_id)
    if not found:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Lead from a whole reference to the case; what was asked for is on the trail, found or not."""
    user = _counter(request)
    form = ReferenceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        found = bearing(form.cleaned_data["reference"])
        _note_search(user, form.cleaned_data["reference"], found)
        if found:
            return redirect("risk-reference-case", found.pk)
        form.add_error("reference", NOT_THERE)
    status = 422 if form.errors else 200
    return render(request, "references/find.html", {"form": form}, status=status)


@require_safe
def child(request: HttpRequest, child_id: int) -> HttpResponse:
    """Show a case by reference, and who it is while that is open; a joined record leads to the kept one."""
    user = _counter(request)
    records = _records(child_id)
    if records[0].pk != child_id:
        return redirect("risk-reference-case", records[0].pk)
    page = reference_page(user, records)
    seen = "by reference, with who the child is" if page.identity else "by reference"
    record(
        event="child.viewed",
        verb=Verb.CONSULTATION,
        what="child",
        reference=page.reference,
        at=timezone.now(),
        by=user,
        after={"page": seen},
        about=[joined.reference for joined in page.joined],
    )
    return render(request, "references/child.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest, child_id: int) -> HttpResponse:
    """Take the reason, and open who the child is for an hour."""
    user = _counter(request)
    found = _child(child_id)
    here = reverse("risk-reference-case", args=[_records(child_id)[0].pk])

    def act(form: IdentifyForm) -> str:
        identify(child=found, because=form.cleaned_data["because"], by=user)
        return here

    sheet = Sheet(
        title=f"{found.reference} Who this is",
        heading=f"See who {found.reference} is",
        button="See who this is",
        back=here,
        done="Noted, with your reason.",
        lead=LEAD,
    )
    return record_by_form(request, form=IdentifyForm, sheet=sheet, stored=Stored, act=act)


@require_POST
def end(request: HttpRequest, child_id: int) -> HttpResponse:
    """End it before its hour is over."""
    user = _counter(request)
    end_identification(child=_child(child_id), by=user)
    return redirect("risk-reference-case", child_id)


def _note_search(user: User, typed: str, found: Referenced | None) -> None:
    record(
        event="search.viewed",
        verb=Verb.CONSULTATION,
        what="search",
        reference="by reference",
        at=timezone.now(),
        by=user,
        after={"text": typed, "children": [found.reference] if found else []},
    )


def reference_page(user: User, records: list[Referenced]) -> ReferencePage:
    """Build the page of a child who is shown, by all its records: its own first."""
    child, *joined = records
    case = read_by_reference(child.pk)
    if case is None:
        raise Http404
    opens = ((record, identification_of(user, record.pk)) for record in records)
    named, opened = next((pair for pair in opens if pair[1]), (child, None))
    return ReferencePage(
        child_id=child.pk,
        reference=case.reference,
        particulars=_particulars(case, _wards(user)),
        statuses=[_status(span) for span in case.statuses],
        episodes=[_episode(row) for row in case.episodes],
        joined=joined,
        opened=opened,
        opened_as=named.reference,
        identity=identity_of(named.pk) if opened else None,
    )


def _wards(user: User) -> dict[str, str]:
    return dict(Partnership.objects.visible_to(user).get().wards())


def _particulars(case: CaseByReference, wards: dict[str, str]) -> list[tuple[str, str]]:
    return [
        ("Age", f"{case.age}"),
        ("Gender", dict(GENDERS).get(case.gender, UNKNOWN)),
        ("Ethnicity", _label(case.ethnicity, "ethnicity", "ethnicity_16plus1")),
        ("Ward", _ward(case, wards)),
        ("Times missing", f"{case.missing}, with {case.interviews} return interviews"),
    ]


def _ward(case: CaseByReference, wards: dict[str, str]) -> str:
    if case.confidential:
        return "Confidential"
    ward = wards.get(case.ward, case.ward) or UNKNOWN
    return f"{ward}, placed out of the area" if case.out_of_area else ward


def _status(span: Span) -> Span:
    return Span(
        dict(CareStatus.Kind.choices).get(span.what, span.what), span.from_date, span.to_date
    )


def _episode(row: EpisodeByReference) -> EpisodeRow:
    outcomes = dict(ServiceReferral.Outcome.choices)
    particulars = [
        ("Source", _label(row.source, "referral_sources")),
        (
            "Exploitation",
            ", ".join(_label(code, "exploitation_types") for code in row.types) or UNKNOWN,
        ),
    ]
    if row.closed_on:
        particulars.append(("Reason for closing", _label(row.closure_reason, "closure_reasons")))
    return EpisodeRow(
        reference=row.reference,
        record=row.record,
        referred_on=row.referred_on,
        closed_on=row.closed_on,
        particulars=particulars,
        levels=row.levels,
        reviews=row.reviews,
        services=[
            Service(
                s.name or "A service", outcomes.get(s.outcome, UNKNOWN), s.referred_on, s.ended_on
            )
            for s in row.services
        ],
    )


def _label(code: str, *lists: str) -> str:
    found = (code_list(name).get(code) for name in lists)
    return next((entry.label for entry in found if entry), code or UNKNOWN)
