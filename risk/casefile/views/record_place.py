"""Recording where a child lives and how social care holds it: adding, correcting, ending, withdrawing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hub.access.rules import Permission
from hub.recording.http import Sheet, Stored, record_by_form
from hub.templatetags.hub import day
from referrals.children.actions import (
    add_address,
    add_status,
    correct_address,
    correct_status,
    end_record,
    withdraw_record,
)
from referrals.children.forms import (
    CorrectAddressForm,
    CorrectStatusForm,
    EndForm,
    NewAddressForm,
    ReasonForm,
    StatusForm,
)
from referrals.children.models import Address, Alias, CareStatus
from risk.casefile.views.earlier import by_whom, last_version, versions_of
from risk.casefile.views.opening import OpenCase, open_case
from risk.casefile.views.tabs import where_words

F = TypeVar("F", Address, Alias, CareStatus)
METHODS = ["GET", "HEAD", "POST"]
WRONG = "For what was never so, as of another child: what only ended is ended, a slip is corrected."


@dataclass(frozen=True)
class Taken(Generic[F]):
    """A fact that is open at the desk. `read` gives its last version anew, withdrawn or not."""

    opened: OpenCase
    read: Callable[[], F]
    back: str

    def stored(self, values: Callable[[F], Mapping[str, object]]) -> Stored:
        """Give what stands; of what was withdrawn meanwhile, who withdrew it."""
        fact = self.read()
        if fact.superseded_at:
            by = by_whom(fact.superseded_by, fact.superseded_source)
            return Stored(dict.fromkeys(values(fact)), "withdrawn", by, fact.superseded_at)
        by = by_whom(fact.recorded_by, fact.source)
        return Stored(values(fact), str(fact.pk), by, fact.known_from)


@require_http_methods(METHODS)
def new_address(request: HttpRequest, child_id: int) -> HttpResponse:
    """Record where the child lives now; what becomes of the former address is asked."""
    opened = _open(request, child_id, "New address")
    held = Address.objects.visible_to(opened.user).known().filter(child=opened.child)
    former = held.filter(to_date__isnull=True).exists()

    def act(form: NewAddressForm) -> str:
        ends = form.cleaned_data.get("former") == "ends"
        add_address(child=opened.child, where=form.where, ends_former=ends, by=opened.user)
        return _tab(opened)

    make = partial(NewAddressForm, wards=_wards(opened), former=former)
    sheet = _sheet(opened, "New address", "Record the address")
    return record_by_form(request, form=make, sheet=sheet, stored=Stored, act=act)


@require_http_methods(METHODS)
def address_correct(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Correct an address, its days included."""
    taken = _address(request, child_id, number, "Correct an address")

    def act(form: CorrectAddressForm) -> str:
        reason = form.cleaned_data["reason"]
        correct_address(fact=taken.read(), where=form.where, reason=reason, by=taken.opened.user)
        return taken.back

    return record_by_form(
        request,
        form=partial(CorrectAddressForm, wards=_wards(taken.opened), old=taken.read().said),
        sheet=_sheet(taken.opened, "Correct an address", "Record the correction"),
        stored=lambda: taken.stored(_said),
        act=act,
    )


@require_http_methods(METHODS)
def address_end(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Say that the child lives there no longer."""
    return _end(request, _address(request, child_id, number, "End an address"), where_words)


@require_http_methods(METHODS)
def address_withdraw(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Withdraw an address where the child never lived."""
    taken = _address(request, child_id, number, "Withdraw an address")
    return _withdraw(request, taken, where_words)


@require_http_methods(METHODS)
def new_status(request: HttpRequest, child_id: int) -> HttpResponse:
    """Record a status in social care."""
    opened = _open(request, child_id, "New status in social care")

    def act(form: StatusForm) -> str:
        add_status(child=opened.child, held=form.held, by=opened.user)
        return _tab(opened)

    sheet = _sheet(opened, "New status in social care", "Record the status")
    return record_by_form(request, form=StatusForm, sheet=sheet, stored=Stored, act=act)


@require_http_methods(METHODS)
def status_correct(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Correct a status, its days included."""
    taken = _status(request, child_id, number, "Correct a status")

    def act(form: CorrectStatusForm) -> str:
        reason = form.cleaned_data["reason"]
        correct_status(fact=taken.read(), held=form.held, reason=reason, by=taken.opened.user)
        return taken.back

    return record_by_form(
        request,
        form=CorrectStatusForm,
        sheet=_sheet(taken.opened, "Correct a status", "Record the correction"),
        stored=lambda: taken.stored(_said),
        act=act,
    )


@require_http_methods(METHODS)
def status_end(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Say that a status has ended."""
    return _end(request, _status(request, child_id, number, "End a status"), _status_words)


@require_http_methods(METHODS)
def status_withdraw(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Withdraw a status that the child never had."""
    taken = _status(request, child_id, number, "Withdraw a status")
    return _withdraw(request, taken, _status_words)


@require_http_methods(METHODS)
def name_withdraw(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Withdraw a name that is not this child's."""
    opened = _open(request, child_id, "Withdraw a name")
    rows = Alias.objects.visible_to(opened.user)
    taken = _take(request, opened, rows, number, opened.frame.here)
    return _withdraw(request, taken, lambda alias: alias.name)


# --- the same for all --------------------------------------------------------------------------


def _end(request: HttpRequest, taken: Taken[Any], words: Callable[[Any], str]) -> HttpResponse:
    def act(form: EndForm) -> str:
        typed = form.cleaned_data
        fact, by = taken.read(), taken.opened.user
        end_record(fact=fact, to_date=typed["to_date"], reason=typed["reason"], by=by)
        return taken.back

    fact = taken.read()
    lead = f"{words(fact)}, from {day(fact.from_date)}."
    return record_by_form(
        request,
        form=EndForm,
        sheet=_sheet(taken.opened, _what(taken), "Record the end", lead),
        stored=lambda: taken.stored(lambda fact: {"to_date": fact.to_date}),
        act=act,
    )


def _withdraw(request: HttpRequest, taken: Taken[Any], words: Callable[[Any], str]) -> HttpResponse:
    def act(form: ReasonForm) -> str:
        reason = form.cleaned_data["reason"]
        withdraw_record(fact=taken.read(), reason=reason, by=taken.opened.user)
        return taken.back

    lead = f"{WRONG} It reads: “{words(taken.read())}”."
    return record_by_form(
        request,
        form=ReasonForm,
        sheet=_sheet(taken.opened, _what(taken), "Withdraw it", lead, taken.back),
        stored=lambda: taken.stored(lambda fact: {"reason": ""}),
        act=act,
    )


def _what(taken: Taken[Any]) -> str:
    """Say what the page does, as its title does after the reference."""
    return taken.opened.frame.title.removeprefix(f"{taken.opened.child.reference} ")


def _open(request: HttpRequest, child_id: int, title: str) -> OpenCase:
    return open_case(request, child_id, needs=Permission.CASES_RECORD, title=title)


def _address(request: HttpRequest, child_id: int, number: int, title: str) -> Taken[Address]:
    opened = _open(request, child_id, title)
    rows = Address.objects.visible_to(opened.user)
    return _take(request, opened, rows, number, _tab(opened))


def _status(request: HttpRequest, child_id: int, number: int, title: str) -> Taken[CareStatus]:
    opened = _open(request, child_id, title)
    rows = CareStatus.objects.visible_to(opened.user)
    return _take(request, opened, rows, number, _tab(opened))


def _take(request: HttpRequest, opened: OpenCase, rows: Any, number: int, back: str) -> Taken[Any]:
    """Open a fact of the child by the number of any of its versions; what is withdrawn is not offered."""

    def read() -> Any:
        own = versions_of(
            rows.filter(child__in=opened.case.numbers).select_related("child"), opened.case.looking
        )
        fact = last_version(own, number)
        if fact is None:
            raise Http404
        return fact

    if read().superseded_at and request.method != "POST":
        raise Http404
    return Taken(opened, read, back)


def _tab(opened: OpenCase) -> str:
    return reverse("risk-child-addresses", args=[opened.child.pk])


def _sheet(opened: OpenCase, heading: str, button: str, lead: str = "", back: str = "") -> Sheet:
    return Sheet(
        title=opened.frame.title,
        heading=heading,
        button=button,
        back=back or _tab(opened),
        done="Recorded.",
        lead=lead,
        template="children/record.html",
        context={"frame": opened.frame},
    )


def _wards(opened: OpenCase) -> list[tuple[str, str]]:
    return opened.child.partnership.wards()


def _said(fact: Address | CareStatus) -> Mapping[str, object]:
    return vars(fact.said)


def _status_words(fact: CareStatus) -> str:
    return str(fact.get_status_display())
