"""Joining two records of one child, and taking them apart: from the child's page."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hub.access.rules import Permission
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.recording.http import Sheet, Stored, record_by_form
from referrals.children.models import Child
from referrals.joinings.actions import join_records, take_apart
from referrals.joinings.forms import ApartForm, JoinForm, OtherForm
from referrals.joinings.models import Joining
from referrals.matching.queries import Alike, people, who_may_be
from referrals.matching.rules.likeness import likeness
from referrals.triage.rules import compared
from risk.casefile.views.opening import OpenCase, open_case

METHODS = ["GET", "HEAD", "POST"]
NEEDS = Permission.RECORDS_JOIN
NOT_THERE = "No record that you may see has this reference. Check it, or search for the child"
ITSELF = "This is the record that is open. Give the reference of the other"
ALREADY = "This record is joined already. Its facts are on this page"
LEAD = (
    "Both records stay as they are, each with its own grants. Whoever may see both reads them as one child,"
    " under the reference that is kept; the other one leads there. Reports from now on count one child. You"
    " can take them apart again."
)
SINCE = "Each record has again what it had. What was recorded since they were joined stays with"


@require_http_methods(METHODS)
def choose(request: HttpRequest, child_id: int) -> HttpResponse:
    """Ask which record is of the same child; those who may be are shown, the likeliest first."""
    opened = open_case(request, child_id, needs=NEEDS, title="Another record of this child")
    form = OtherForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        other = _bearing(opened, form.cleaned_data["reference"])
        if isinstance(other, Child):
            return redirect("risk-child-join-with", opened.child.pk, other.pk)
        form.add_error("reference", other)
    page = {
        "frame": opened.frame,
        "form": form,
        "alike": _alike(opened),
        "child_id": opened.child.pk,
    }
    return render(request, "children/join.html", page, status=422 if form.errors else 200)


def _bearing(opened: OpenCase, reference: str) -> Child | str:
    """Give the other record by its reference, or say why there is none to join."""
    seen = Child.objects.visible_to(opened.user).filter(partnership=opened.child.partnership_id)
    other = seen.filter(reference__iexact=reference.strip()).first()
    if other is None:
        return NOT_THERE
    if other == opened.child:
        return ITSELF
    return ALREADY if other.pk in opened.case.numbers else other


def _alike(opened: OpenCase) -> Alike:
    """Find who may be the same child; that they were shown goes on the trail."""
    own, today = people(opened.user, [opened.child])[opened.child.pk], london_date(opened.now)
    without = opened.case.numbers
    alike = who_may_be(opened.user, opened.child.partnership_id, own, today, without)
    _note_compared(opened, [row.reference for row in alike.rows])
    return alike


def _note_compared(opened: OpenCase, references: list[str]) -> None:
    record(
        event="children.compared",
        verb=Verb.CONSULTATION,
        what="children",
        reference=opened.child.reference,
        at=opened.now,
        by=opened.user,
        after={"children": references},
    )


@require_http_methods(METHODS)
def join(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Lay two records side by side, ask which is kept and why they are one child, and join them."""
    opened = open_case(request, child_id, needs=NEEDS, title="Join two records", apart=True)
    seen = Child.objects.visible_to(opened.user).filter(partnership=opened.child.partnership_id)
    other = seen.exclude(pk=opened.child.pk).filter(pk=number).first()
    if other is None:
        raise Http404
    _note_compared(opened, [other.reference])

    def act(form: JoinForm) -> str:
        kept, child = opened.child, other
        if form.cleaned_data["kept"] == other.reference:
            kept, child = child, kept
        join_records(child=child, kept=kept, reason=form.cleaned_data["reason"], by=opened.user)
        return reverse("risk-child-summary", args=[kept.pk])

    references = (opened.child.reference, other.reference)
    return record_by_form(
        request,
        form=partial(JoinForm, references=references),
        sheet=_join_sheet(opened, other),
        stored=lambda: Stored(token=_standing(opened, other)),
        act=act,
    )


def _standing(opened: OpenCase, other: Child) -> str:
    """Say how both records stand: whoever joins either meanwhile is a conflict."""
    of_both = Joining.objects.visible_to(opened.user).known()
    rows = of_both.filter(child__in=(opened.child, other)) | of_both.filter(
        kept__in=(opened.child, other)
    )
    return " ".join(str(number) for number in rows.order_by("pk").values_list("pk", flat=True))


def _join_sheet(opened: OpenCase, other: Child) -> Sheet:
    both = people(opened.user, [opened.child, other])
    this, that = both[opened.child.pk], both[other.pk]
    found = likeness(this, that)
    return Sheet(
        title=opened.frame.title,
        heading=f"Are {opened.child.reference} and {other.reference} one child?",
        button="Join the records",
        back=reverse("risk-child-join", args=[opened.child.pk]),
        done="The two records are joined.",
        lead=LEAD,
        template="children/joining.html",
        context={
            "frame": opened.frame,
            "child": opened.child,
            "other": other,
            "rows": compared(this, that),
            "why": found.why,
            "differs": found.differs,
        },
    )


@require_http_methods(METHODS)
def apart(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Take two joined records apart, with the reason."""
    opened = open_case(request, child_id, needs=NEEDS, title="Take two records apart")
    rows: Any = Joining.objects.visible_to(opened.user).select_related("child", "kept")
    fact = rows.filter(kept=opened.child, pk=number).first()
    if fact is None or (fact.superseded_at and request.method != "POST"):
        raise Http404

    def act(form: ApartForm) -> str:
        take_apart(fact=fact, reason=form.cleaned_data["reason"], by=opened.user)
        return reverse("risk-child-summary", args=[fact.kept_id])

    kept, child = fact.kept.reference, fact.child.reference
    return record_by_form(
        request,
        form=ApartForm,
        sheet=Sheet(
            title=opened.frame.title,
            heading=f"Take {child} and {kept} apart",
            button="Take them apart",
            back=opened.frame.here,
            done="The two records are apart again.",
            lead=f"{SINCE} {kept}.",
            template="children/record.html",
            context={"frame": opened.frame},
        ),
        stored=Stored,
        act=act,
    )
