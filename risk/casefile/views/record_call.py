"""Keeping whom to call about a child: adding a person, correcting an entry, ending it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from hub.access.rules import Permission
from hub.days.rules import london_date
from hub.errors import Conflict
from hub.facts.actions import MEANWHILE
from hub.recording.http import Sheet, Stored, record_by_form
from referrals.contacts.actions import (
    add_person_to_call,
    correct_person_to_call,
    end_person_to_call,
)
from referrals.contacts.forms import (
    NAMES,
    CorrectPersonToCallForm,
    EndPersonToCallForm,
    PersonToCallForm,
)
from referrals.contacts.models import PersonToCall
from risk.casefile.views.opening import OpenCase, open_case


@require_http_methods(["GET", "HEAD", "POST"])
def new_person(request: HttpRequest, child_id: int) -> HttpResponse:
    """Add a person to call, from today unless the person says otherwise."""
    title = "Add a person to call"
    opened = open_case(request, child_id, needs=Permission.NOTES_RECORD, title=title)

    def act(form: PersonToCallForm) -> str:
        add_person_to_call(child=opened.child, entry=form.entry, by=opened.user)
        return _people(opened)

    return record_by_form(
        request,
        form=PersonToCallForm,
        sheet=_sheet(opened, title, "Save person", "The person to call is saved."),
        stored=lambda: Stored({"from_date": london_date(opened.now)}),
        act=act,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Correct an entry."""
    title = "Correct a person to call"
    opened = open_case(request, child_id, needs=Permission.NOTES_RECORD, title=title)
    _look_for(opened, number)

    def act(form: CorrectPersonToCallForm) -> str:
        correct_person_to_call(
            person=_standing(opened, number),
            entry=form.entry,
            reason=form.cleaned_data["reason"],
            by=opened.user,
        )
        return _people(opened)

    return record_by_form(
        request,
        form=CorrectPersonToCallForm,
        sheet=_sheet(opened, title, "Save correction", "Corrected."),
        stored=lambda: _stored(opened, number),
        act=act,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Say that a person is called no longer."""
    title = "End a person to call"
    opened = open_case(request, child_id, needs=Permission.NOTES_RECORD, title=title)
    person = _look_for(opened, number)

    def act(form: EndPersonToCallForm) -> str:
        to_date = form.cleaned_data["to_date"]
        end_person_to_call(person=_standing(opened, number), to_date=to_date, by=opened.user)
        return _people(opened)

    def stored() -> Stored:
        held = _stored(opened, number)
        today = london_date(opened.now)
        return Stored({"to_date": held.values["to_date"] or today}, held.token, held.by, held.at)

    heading = f"Call no longer: {person.name}"
    return record_by_form(
        request,
        form=EndPersonToCallForm,
        sheet=_sheet(opened, heading, "End", "The person is on the list no longer."),
        stored=stored,
        act=act,
    )


def _sheet(opened: OpenCase, heading: str, button: str, done: str) -> Sheet:
    return Sheet(
        title=opened.frame.title,
        heading=heading,
        button=button,
        back=opened.frame.here,
        done=done,
        template="children/record.html",
        context={"frame": opened.frame},
    )


def _people(opened: OpenCase) -> str:
    return f"{opened.frame.here}#people-to-call"


def _look_for(opened: OpenCase, number: int) -> PersonToCall:
    """Fetch the version that stands, ended or not: an entry is never withdrawn."""
    people = PersonToCall.objects.visible_to(opened.user).known()
    person = people.filter(child=opened.record, position=number).first()
    if person is None:
        raise Http404
    return person


def _standing(opened: OpenCase, number: int) -> PersonToCall:
    person = _look_for(opened, number)
    if person.to_date is not None:
        raise Conflict(MEANWHILE)
    return person


def _stored(opened: OpenCase, number: int) -> Stored:
    person = _look_for(opened, number)
    values = {name: getattr(person, name) for name in (*NAMES, "to_date")}
    by = person.recorded_by.name if person.recorded_by else ""
    return Stored(values, f"{person.pk}, until {person.to_date}", by, person.known_from)
