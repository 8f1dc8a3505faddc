"""Recording what a meeting said of a place, and putting it right."""

from datetime import date
from functools import partial
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.recording.http import Sheet, Stored, record_by_form
from hub.templatetags.hub import day as in_full
from risk.meetings.actions import note_discussed
from risk.meetings.models import Meeting
from risk.meetings.queries.day import meetings_for
from risk.meetings.views.deciding import METHODS
from risk.places.forms import CorrectDiscussedForm, DiscussedForm
from risk.places.models import PlaceForward
from risk.places.queries import shown

NO_MEETING = (
    " No meeting was opened since it was put forward: open it, or enter one that was held without power, "
    "then say here what it said."
)


@require_http_methods(METHODS)
def discussed(request: HttpRequest, number: int) -> HttpResponse:
    """Record what a meeting said of a place, or correct what was recorded."""
    user = signed_in(request)
    require(user, Permission.PLACES_PUT_FORWARD)
    forward = _look_for(user, number, request)
    again = forward.discussed_on is not None
    meetings = meetings_for(forward, user)

    def act(form: DiscussedForm) -> str:
        typed = form.cleaned_data
        note_discussed(
            forward=forward,
            came_of_it=typed["came_of_it"],
            on=date.fromisoformat(typed["discussed_on"]),
            by=user,
            reason=typed.get("reason", ""),
        )
        return reverse("risk-agenda")

    return record_by_form(
        request,
        form=partial(CorrectDiscussedForm if again else DiscussedForm, meetings=_choices(meetings)),
        sheet=_sheet(forward, meetings),
        stored=lambda: Stored(_values(forward, meetings)),
        act=act,
    )


def _look_for(user: User, number: int, request: HttpRequest) -> PlaceForward:
    """Give a version of a place; what is sent is let through, for the action looks whether it stands."""
    rows = PlaceForward.objects.visible_to(user).select_related("referral")
    if request.method != "POST":
        rows = rows.filter(superseded_at=None)
    forward = rows.filter(pk=number).first()
    if forward is None:
        raise Http404
    return forward


def _choices(meetings: list[Meeting]) -> list[tuple[str, str]]:
    """Give each day once, with the names of its meetings."""
    return [
        (on.isoformat(), f"{', '.join(each.series.name for each in of_day)}, {in_full(on)}")
        for on, of_day in groupby(meetings, key=lambda meeting: meeting.held_on)
    ]


def _values(forward: PlaceForward, meetings: list[Meeting]) -> dict[str, object]:
    """What stands; of one that is not discussed yet the latest meeting is most likely the one."""
    on = forward.discussed_on or (meetings[0].held_on if len(meetings) == 1 else None)
    return {"discussed_on": on.isoformat() if on else "", "came_of_it": forward.came_of_it}


def _sheet(forward: PlaceForward, meetings: list[Meeting]) -> Sheet:
    [place] = shown([forward])
    heading = f"What the meeting said of {place.reference}"
    if forward.discussed_on:
        heading, button, done = f"Correct: {heading.lower()}", "Save correction", "Corrected."
    else:
        button, done = "Record it", "It is recorded, and the place is off the list."
    none = "" if meetings else NO_MEETING
    return Sheet(
        title=heading,
        heading=heading,
        button=button,
        back=reverse("risk-agenda"),
        done=done,
        lead=f"{place.called}. Put forward because: {place.because}{none}",
    )
