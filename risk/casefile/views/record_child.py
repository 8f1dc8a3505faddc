"""Correcting who a child is, and adding the other names it goes by."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hub.access.rules import Permission
from hub.recording.http import Sheet, Stored, record_by_form
from referrals.children.actions import add_alias, correct_details
from referrals.children.forms import AliasForm, CorrectDetailsForm, details_values
from referrals.children.models import ChildDetails
from risk.casefile.views.earlier import PEOPLE, by_whom
from risk.casefile.views.opening import OpenCase, open_case

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def details(request: HttpRequest, child_id: int) -> HttpResponse:
    """Correct names, date of birth, numbers and the like, as a new version with its reason."""
    opened = _open(request, child_id, "Correct the child's details")
    old = _details(opened)

    def act(form: CorrectDetailsForm) -> str:
        correct_details(
            fact=_details(opened),
            details=form.details,
            reason=form.cleaned_data["reason"],
            by=opened.user,
        )
        return opened.frame.here

    def stored() -> Stored:
        fact = _details(opened)
        by = by_whom(fact.recorded_by, fact.source)
        return Stored(details_values(fact.said), str(fact.pk), by, fact.known_from)

    return record_by_form(
        request,
        form=partial(CorrectDetailsForm, old=old.said),
        sheet=_sheet(opened, "Correct the child's details", "Record the correction"),
        stored=stored,
        act=act,
    )


@require_http_methods(METHODS)
def new_name(request: HttpRequest, child_id: int) -> HttpResponse:
    """Record another name."""
    opened = _open(request, child_id, "Add another name")

    def act(form: AliasForm) -> str:
        typed = form.cleaned_data
        add_alias(child=opened.child, name=typed["name"], kind=typed["kind"], by=opened.user)
        return opened.frame.here

    sheet = _sheet(opened, "Add another name", "Record the name")
    return record_by_form(request, form=AliasForm, sheet=sheet, stored=Stored, act=act)


def _open(request: HttpRequest, child_id: int, title: str) -> OpenCase:
    return open_case(request, child_id, needs=Permission.CASES_RECORD, title=title)


def _sheet(opened: OpenCase, heading: str, button: str) -> Sheet:
    return Sheet(
        title=opened.frame.title,
        heading=heading,
        button=button,
        back=reverse("risk-child-summary", args=[opened.child.pk]),
        done="Recorded.",
        template="children/record.html",
        context={"frame": opened.frame},
    )


def _details(opened: OpenCase) -> ChildDetails:
    rows = ChildDetails.objects.visible_to(opened.user).known().filter(child=opened.record)
    return rows.select_related("child", *PEOPLE).get()
